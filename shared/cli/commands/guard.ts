import { Command, Option } from 'commander';
import { type BuildHint, readBuildHint } from '../../contracts/cloud-build-message.ts';
import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { DurationSchema, durationMs } from '../../contracts/duration.ts';
import {
  ProjectSchema,
  RegionSchema,
  RevisionNameSchema,
  ServiceNameSchema,
} from '../../contracts/id-schemas.ts';
import { MessageError } from '../../contracts/pubsub-message.ts';
import { audits, type BuildRecord, builds, diagnoses, scans, services } from '../../contracts/records.ts';
import { FocusSchema } from '../../contracts/suites/tests-policy.ts';
import { describeError, NotFoundError } from '../../domain/errors.ts';
import { type RevisionName, type RunId, serviceKeyOf } from '../../domain/ids.ts';
import { changedSince } from '../../domain/runs/changed-since.ts';
import { validatedDocument } from '../../output/command-output.ts';
import { createOnce } from '../../ports/create-once.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Store } from '../../ports/store.ts';
import { StoppedError } from '../../runtime/stop/stopped-error.ts';
import { storeConfig } from '../../services/apply-config.ts';
import { type Inquiry, nudgeInquiries } from '../../services/diagnosis/nudge-inquiries.ts';
import { type RunReport, reportRun } from '../../services/query-reports.ts';
import type { BoundConfig } from '../../services/records/load-config.ts';
import { beginFromBuild } from '../../services/runs/begin-from-build.ts';
import { beginGuard, seedStable } from '../../services/runs/begin-guard.ts';
import { commandOn } from '../../wording/mend-of.ts';
import type { CliIo } from '../cli-io.ts';
import { BadInputError } from '../exit/bad-input-error.ts';
import { type ConcludedRun, concludeRuns } from '../exit/conclude-runs.ts';
import { exitCodes } from '../exit/exit-codes.ts';
import { writeDocument } from '../exit/print-document.ts';
import { issueLine } from '../format/issue-line.ts';
import { readTextFile } from '../input/read-text-file.ts';
import { parseOption } from '../options/parse-option.ts';
import { filesOption, type ReadScan, readScan, sarifOption } from '../options/scan-options.ts';
import {
  firestoreOption,
  recordsOption,
  recordsOptionsOf,
  type StoreOptions,
} from '../options/store-options.ts';
import { type TimeoutOption, timeoutOption } from '../options/timeout-option.ts';
import { selectService } from '../select/select-service.ts';
import { withFocus } from '../select/with-focus.ts';
import { withScan } from '../select/with-scan.ts';
import { type Loop, withLoop } from '../with-loop.ts';

interface GuardOptions extends StoreOptions, TimeoutOption {
  readonly project?: string;
  readonly region?: string;
  readonly service?: string;
  readonly revision?: RevisionName;
  readonly stable?: RevisionName;
  readonly message?: string;
  readonly config?: string;
  readonly observe?: true;
  readonly watch?: string;
  readonly focus?: string;
  readonly sarif?: readonly string[];
  readonly files?: number;
  readonly json?: true;
}

/** `deploy-loop guard`: the whole loop for one deploy, in this process. */
export function guardCommand(io: CliIo): Command {
  return new Command('guard')
    .description('validate one deploy now, and roll it back if it is at fault')
    .option('--project <id>', 'Google Cloud project of the service', parseOption(ProjectSchema))
    .option('--region <region>', 'region of the service', parseOption(RegionSchema))
    .addOption(
      new Option('--service <name>', 'Cloud Run service')
        .argParser(parseOption(ServiceNameSchema))
        .conflicts('message'),
    )
    .option(
      '--revision <name>',
      'the revision to validate (default: the newest)',
      parseOption(RevisionNameSchema),
    )
    .option('--stable <name>', 'a revision that is known to be good', parseOption(RevisionNameSchema))
    .option(
      '--message <file>',
      'a finished build in JSON, as its Pub/Sub message or from gcloud, instead of --service',
    )
    .option('--config <file>', 'the config file (default: built-in values for --service)')
    .option(
      '--focus <what>',
      'suites to run: all, golden-path, category:NAME, priority:P1, tag:NAME (default: tests.focus)',
      parseOption(FocusSchema),
    )
    .addOption(sarifOption())
    .addOption(filesOption)
    .option('--observe', 'observe and report only')
    .option(
      '--watch <duration>',
      'how long to watch the revision once it serves (default: watch.minimum of the config)',
      (text: string) => parseOption(DurationSchema)(text === '0' ? '0s' : text),
    )
    .addOption(timeoutOption)
    .addOption(firestoreOption)
    .addOption(recordsOption)
    .action(async (_options, command: Command) => guard(command.optsWithGlobals<GuardOptions>(), io));
}

async function guard(options: GuardOptions, io: CliIo): Promise<void> {
  const target = await readTarget(options, io);
  try {
    await withLoop(options, io, { project: options.project }, async ({ ports, finish, runIds, note }) => {
      const stopped = await finish(() => begin(target, options, ports, note)).then(
        () => undefined,
        onlyStopped,
      );
      // What an earlier guard left: nobody else may be there to make it.
      if (!stopped) await finish(() => nudgeLeft(target, ports));
      const own = runIds();
      const told = own.length > 0 ? own : await earlierRuns(target, ports.store);
      const found = await reportsOf(told, ports);
      if (stopped && options.json) printSoFar(found, own, io);
      if (stopped) throw stopped;
      await concludeRuns(
        await Promise.all(
          found.map(async (report) => ({
            ...(await (own.length > 0 ? asOwn : asEarlier)(report, ports)),
            more: await issueLine(report.run.id as RunId, ports.store, recordsOptionsOf(options)),
          })),
        ),
        options,
        () => whyNothing(target, ports, options),
        io,
      );
      if (target.findings.fault) throw target.findings.fault;
    });
  } catch (error) {
    if (error instanceof NotFoundError) throw new BadInputError(error.message, { cause: error });
    throw error;
  }
}

async function nudgeLeft(target: Target, ports: Ports): Promise<void> {
  for (const collection of [diagnoses, audits])
    await nudgeInquiries<Inquiry>(collection, ports, (due) => isOf(due, target));
}

/** True: it is about a service that this guard validates. */
function isOf({ serviceKey }: Inquiry, target: Target): boolean {
  const services = target.kind === 'service' ? [target.config] : target.bound.config.services;
  return services.some((one) => serviceKeyOf(one) === serviceKey);
}

/** A program gets what is recorded of the runs of a guard that was stopped, too, also if it only waited for them. */
function printSoFar(found: readonly RunReport[], own: readonly RunId[], io: CliIo): void {
  const reports = found.filter(({ run }) => run.state !== 'closed' || own.some((id) => id === run.id));
  if (reports.length > 0) writeDocument(validatedDocument(reports, undefined, exitCodes.inconclusive), io);
}

async function reportsOf(runIds: readonly RunId[], { store }: Ports): Promise<RunReport[]> {
  const reports = await Promise.all(runIds.map((runId) => reportRun(store, runId)));
  return reports.filter((report) => report !== undefined);
}

/** @throws any other error */
function onlyStopped(error: unknown): StoppedError {
  if (error instanceof StoppedError) return error;
  throw error;
}

/** The subject of the validation: the services that a build deployed, or one revision of one service. */
type Target = { readonly bound: BoundConfig; readonly findings: Findings } & (
  | { readonly kind: 'build'; readonly hint: BuildHint }
  | { readonly kind: 'service'; readonly config: ServiceConfig }
);

/** What static analysis found, or why it cannot be read: a deploy is validated all the same. */
interface Findings {
  readonly scan?: ReadScan | undefined;
  readonly fault?: BadInputError;
}

async function readFindings(options: GuardOptions, io: CliIo): Promise<Findings> {
  try {
    return { scan: await readScan(options, io) };
  } catch (fault) {
    if (!(fault instanceof BadInputError) || options.sarif === undefined) throw fault;
    io.stderr.write(`warning: ${fault.message}; the deploy is validated without findings\n`);
    return { fault };
  }
}

async function readTarget(options: GuardOptions, io: CliIo): Promise<Target> {
  const observe = options.observe === true;
  const watchMs = options.watch === undefined ? undefined : durationMs(options.watch);
  const findings = await readFindings(options, io);
  const { scan } = findings;
  if (options.message !== undefined) {
    if (options.config === undefined)
      throw new BadInputError('--message needs --config, which lists the watched services');
    const selected = withFocus(await selectService(options, io), options.focus);
    const { config, digest } = withScan(selected, options.sarif);
    return {
      kind: 'build',
      hint: await readHint(options.message, io),
      findings,
      bound: { config, digest, observe, watchMs, scan: scan?.id },
    };
  }
  const selected = await selectService(options, io);
  const { config, digest } = withScan(
    withFocus(selected, options.focus, selected.service?.name),
    options.sarif,
  );
  const service = config.services.find(({ name }) => name === selected.service?.name);
  if (!service) throw new BadInputError('specify what to validate: --service NAME or --message FILE');
  const bound = { config, digest, observe, watchMs, scan: scan?.id };
  return { kind: 'service', config: service, findings, bound };
}

async function readHint(file: string, io: CliIo): Promise<BuildHint> {
  const text = await readTextFile(file, io.cwd);
  try {
    return readBuildHint(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof MessageError ? `: ${cause.message}` : ' is not JSON';
    throw new BadInputError(`${file}${why}`, { cause });
  }
}

async function begin(target: Target, options: GuardOptions, ports: Ports, note: Loop['note']): Promise<void> {
  const { bound, findings } = target;
  await storeConfig(bound.config, bound.digest, ports);
  if (findings.scan) await createOnce(ports.store, documentIn(scans, findings.scan.id), findings.scan.scan);
  const watched = target.kind === 'service' ? [target.config] : bound.config.services;
  if (options.stable !== undefined && watched.length > 1) {
    throw new BadInputError(
      '--stable names a revision of one service, but the config has several: add --service',
    );
  }
  for (const config of watched) {
    const known = await seedStable(config, options.stable, ports);
    if (options.stable !== undefined && known.length > 0 && !known.includes(options.stable)) {
      throw new BadInputError(
        `the records already list the good revisions of ${config.name} (${known.join(', ')}): omit --stable`,
      );
    }
  }
  if (target.kind === 'build') return beginFromBuild(target.hint.name, bound, ports, note);
  await beginGuard({ config: target.config, bound, revision: options.revision }, ports);
}

/** A repeated message opens no run: the result of its first delivery is reported. */
async function earlierRuns(target: Target, store: Store): Promise<readonly RunId[]> {
  if (target.kind !== 'build') return [];
  return (await recordOf(target.hint, store))?.runs ?? [];
}

/** Someone may have changed the traffic while the run went on: then its undo would undo that. */
async function asOwn(report: RunReport, ports: Ports): Promise<ConcludedRun> {
  const { earlier } = await asEarlier(report, ports);
  return earlier?.changedTo ? { ...report, earlier: { ...earlier, isOwn: true } } : report;
}

/** The service as the run left it may be gone: a message can come again much later. */
async function asEarlier(report: RunReport, { run: cloudRun }: Ports): Promise<ConcludedRun> {
  const { run, health, trafficChanges } = report;
  const left = {
    traffic: trafficChanges.findLast(({ outcome }) => outcome === 'accepted')?.after,
    share: health.at(-1)?.share,
  };
  try {
    const service = await cloudRun.getService(run.ref);
    const earlier = service
      ? { changedTo: changedSince(run, left, service) }
      : { unread: 'the service does not exist any more' };
    return { ...report, earlier };
  } catch (error) {
    return { ...report, earlier: { unread: describeError(error) } };
  }
}

async function recordOf({ name }: BuildHint, store: Store): Promise<BuildRecord | undefined> {
  return (await store.get(documentIn(builds, name.split('/').at(-1) ?? '')))?.data;
}

async function whyNothing(target: Target, { store }: Ports, options: GuardOptions): Promise<string> {
  if (target.kind === 'service') return await whoIsRunning(target.config, store, options);
  const { status } = target.hint;
  const record = await recordOf(target.hint, store);
  return (
    record?.reason.text ??
    `Cloud Build has no such build, or it has not ended (status in the message: ${status})`
  );
}

/** Another process has opened the run of this revision, and goes on with it. */
async function whoIsRunning(
  { project, region, service, name }: ServiceConfig,
  store: Store,
  options: GuardOptions,
): Promise<string> {
  const key = serviceKeyOf({ project, region, service });
  const current = (await store.get(documentIn(services, key)))?.data.currentRun;
  if (!current) return `another process guards ${name}`;
  const { runId, revision } = current;
  const records = recordsOptionsOf(options);
  const [follow, cancel] = [`show ${runId}`, `abort ${runId} --why TEXT`].map((command) =>
    commandOn(command, { records }),
  );
  return `another process goes on with run ${runId} of ${revision}: follow it with ${follow}, cancel it with ${cancel}`;
}
