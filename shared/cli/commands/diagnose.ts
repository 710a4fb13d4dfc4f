import { Command } from 'commander';
import {
  type IncidentFile,
  IncidentFileSchema,
  incidentOf,
} from '../../contracts/diagnosis/incident-file.ts';
import { documentIn } from '../../contracts/document.ts';
import { ProjectSchema, RegionSchema, RevisionNameSchema, RunIdSchema } from '../../contracts/id-schemas.ts';
import { diagnoses } from '../../contracts/records.ts';
import { type Diagnosis, diagnoseIncident } from '../../domain/diagnosis/diagnose-incident.ts';
import type { Evidence, Incident } from '../../domain/diagnosis/evidence.ts';
import { describeError } from '../../domain/errors.ts';
import type { RevisionName, RunId } from '../../domain/ids.ts';
import { hideSecrets } from '../../domain/redaction/hide-secrets.ts';
import { orderOf } from '../../domain/revision.ts';
import { diagnosedDocument } from '../../output/diagnosis-output.ts';
import { collectFromCloud } from '../../services/diagnosis/collect-evidence.ts';
import { reportRun } from '../../services/query-reports.ts';
import { describeDiagnosis } from '../../wording/describe-diagnosis.ts';
import type { CliIo } from '../cli-io.ts';
import { BadInputError, UnknownNameError } from '../exit/bad-input-error.ts';
import { printDocument } from '../exit/print-document.ts';
import { readTextFile } from '../input/read-text-file.ts';
import { parseOption } from '../options/parse-option.ts';
import { firestoreOption, recordsOption, type StoreOptions } from '../options/store-options.ts';
import { selectService } from '../select/select-service.ts';
import { withLoop } from '../with-loop.ts';
import { withStore } from '../with-store.ts';

interface DiagnoseOptions extends StoreOptions {
  readonly evidence?: string;
  readonly service?: string;
  readonly revision?: RevisionName;
  readonly stable?: RevisionName;
  readonly project?: string;
  readonly region?: string;
  readonly config?: string;
  readonly json?: true;
}

/** What was found, and what it rests on. */
interface Found {
  readonly result: Diagnosis;
  readonly evidence: readonly Pick<Evidence, 'ref' | 'source' | 'text' | 'at'>[];
}

const maxMebibytes = 64;
const shownLength = 300;

/** `deploy-loop diagnose RUN | --service S --revision R | --evidence FILE`: says why a revision failed. */
export function diagnoseCommand(io: CliIo): Command {
  return new Command('diagnose')
    .description('say why a revision failed, with the evidence')
    .argument('[run]', 'a run of the records', parseOption(RunIdSchema))
    .option('--evidence <file>', 'log lines and symptoms in JSON, instead of a run')
    .option('--service <name>', 'a Cloud Run service, instead of a run')
    .option('--revision <name>', 'its revision', parseOption(RevisionNameSchema))
    .option('--stable <name>', 'the revision to compare its settings with', parseOption(RevisionNameSchema))
    .option('--project <id>', 'Google Cloud project of the service', parseOption(ProjectSchema))
    .option('--region <region>', 'region of the service', parseOption(RegionSchema))
    .option('--config <file>', 'the config file that contains the service')
    .addOption(firestoreOption)
    .addOption(recordsOption)
    .action(async (runId: RunId | undefined, _options, command: Command) => {
      const options = command.optsWithGlobals<DiagnoseOptions>();
      const { result, evidence } = await find(runId, options, io);
      if (options.json) printDocument(diagnosedDocument(result, evidence), io);
      else io.stdout.write(describeDiagnosis(result));
    });
}

function find(runId: RunId | undefined, options: DiagnoseOptions, io: CliIo): Promise<Found> {
  const { evidence, service } = options;
  const named = [runId, evidence, service].filter((one) => one !== undefined);
  if (named.length !== 1)
    throw new BadInputError(
      'specify what to diagnose: a RUN, --service NAME --revision NAME, or --evidence FILE',
    );
  if (evidence !== undefined) return fromFile(evidence, io);
  return runId === undefined ? fromCloud(options, io) : fromRecords(runId, options, io);
}

async function fromRecords(runId: RunId, options: DiagnoseOptions, io: CliIo): Promise<Found> {
  return withStore(options, io, async (store) => {
    const record = (await store.get(documentIn(diagnoses, runId)))?.data;
    if (record?.result) return { result: record.result, evidence: record.evidence ?? [] };
    const report = await reportRun(store, runId);
    if (!report) throw new UnknownNameError(`no run ${runId} is recorded`);
    if (record) throw new BadInputError(`run ${runId} is not diagnosed yet: ask again in a minute`);
    const { verdict } = report.run;
    throw new BadInputError(
      `run ${runId} has no diagnosis: it ${verdict ? `ended with ${verdict}` : 'is still open'}`,
    );
  });
}

async function fromCloud(options: DiagnoseOptions, io: CliIo): Promise<Found> {
  const { revision, stable } = options;
  if (revision === undefined) throw new BadInputError('--service needs --revision NAME');
  const { service } = await selectService(options, io);
  if (!service) throw new BadInputError('specify the service: --service NAME');
  const ref = { project: service.project, region: service.region, service: service.service };
  return withLoop(options, io, { project: options.project, readOnly: true }, async ({ ports }) => {
    const found = await ports.run.getRevision(ref, revision);
    if (!found) throw new UnknownNameError(`service ${ref.service} has no revision ${revision}`);
    return judge(await collectFromCloud({ ref, candidate: orderOf(found), stable }, ports));
  });
}

async function fromFile(file: string, io: CliIo): Promise<Found> {
  return judge(incidentOf(await readIncident(file, io)));
}

async function readIncident(file: string, io: CliIo): Promise<IncidentFile> {
  const text = await readTextFile(file, io.cwd, maxMebibytes);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new BadInputError(`${file}: not JSON: ${describeError(cause).replace(/\s+/g, ' ')}`, { cause });
  }
  const parsed = IncidentFileSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.length ? `${file}: ${issue.path.join('.')}` : file;
  throw new BadInputError(
    `${place}: ${issue?.message ?? 'cannot be read'}; expected {"symptom": {…}, "evidence": [{"line": "…"}]}`,
  );
}

function judge(incident: Incident): Found {
  const result = diagnoseIncident(incident);
  const told = new Set(result.whys.flatMap(({ evidence }) => evidence));
  const evidence = incident.evidence
    .filter(({ ref }) => told.has(ref))
    .map((item) => ({ ...item, text: hideSecrets(item.text).slice(0, shownLength) }));
  return { result: withoutSecrets(result), evidence };
}

function withoutSecrets(result: Diagnosis): Diagnosis {
  return {
    ...result,
    summary: hideSecrets(result.summary),
    whys: result.whys.map((why) => ({ ...why, answer: hideSecrets(why.answer) })),
    alternatives: result.alternatives.map((other) => ({ ...other, summary: hideSecrets(other.summary) })),
  };
}
