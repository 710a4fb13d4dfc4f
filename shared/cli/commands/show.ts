import { Command } from 'commander';
import { RunIdSchema } from '../../contracts/id-schemas.ts';
import type { RunId } from '../../domain/ids.ts';
import { failureSignature } from '../../domain/log-evidence/failure-signature.ts';
import { oneLine } from '../../domain/render/one-line.ts';
import { runDocument } from '../../output/run-output.ts';
import type { Store } from '../../ports/store.ts';
import { listRuns, type RunReport, reportRun } from '../../services/query-reports.ts';
import { loadStanding, type Standing } from '../../services/records/load-standing.ts';
import { describeAudits } from '../../wording/describe-audits.ts';
import { describeCheck, describeConcern } from '../../wording/describe-check.ts';
import { describeMove } from '../../wording/describe-move.ts';
import { describeControl, describeStanding } from '../../wording/describe-standing.ts';
import { describeTick } from '../../wording/describe-tick.ts';
import { formatTable } from '../../wording/format-table.ts';
import { commandOn, lifts } from '../../wording/mend-of.ts';
import { noRuns } from '../../wording/nothing-yet.ts';
import { summarizeRun } from '../../wording/summarize-run.ts';
import type { CliIo } from '../cli-io.ts';
import { UnknownNameError } from '../exit/bad-input-error.ts';
import { printDocument } from '../exit/print-document.ts';
import { parseOption } from '../options/parse-option.ts';
import {
  firestoreOption,
  recordsOption,
  recordsOptionsOf,
  type StoreOptions,
} from '../options/store-options.ts';
import { withStore } from '../with-store.ts';

/** `deploy-loop show RUN`: everything that was recorded about one run. */
export function showCommand(io: CliIo): Command {
  return new Command('show')
    .description('show one run: what was observed, decided and done')
    .argument('<run>', 'the run id', parseOption(RunIdSchema))
    .addOption(firestoreOption)
    .addOption(recordsOption)
    .action(async (runId: RunId, _options, command: Command) => {
      const options = command.optsWithGlobals<StoreOptions & { json?: true }>();
      const { report, standing } = await withStore(options, io, async (store) => {
        const found = await reportRun(store, runId);
        if (!found) throw new UnknownNameError(await whyNoRun(runId, store));
        return { report: found, standing: await loadStanding(runId, found.run, store) };
      });
      if (options.json) printDocument(runDocument(report, standing), io);
      else io.stdout.write(describeReport(report, standing, recordsOptionsOf(options)));
    });
}

const namedRuns = 3;

async function whyNoRun(runId: RunId, store: Store): Promise<string> {
  const newest = await listRuns(store, { limit: namedRuns });
  if (newest.length === 0) return noRuns;
  const names = newest.map(({ id, candidate }) => `${id} of ${candidate.revision}`).join(', ');
  return `no run ${runId} is recorded (newest: ${names}); deploy-loop runs lists them`;
}

/** Anything unusual about the run or its service at present. */
function describeNow(
  run: RunReport['run'],
  { service, ...controls }: Standing,
  records: string | undefined,
): string {
  const { killSwitch, abort } = controls;
  return [
    ...(run.state === 'closed' ? [] : [describeOpen(run, { records })]),
    ...(killSwitch
      ? [`killed    ${describeControl(killSwitch)}; ends with ${lifts.killed({ name: '', records })}`]
      : []),
    ...describeStanding(service ?? {}, { ...controls, records }),
    ...(abort ? [`cancelled ${describeControl(abort)}`] : []),
  ]
    .map((line) => `  ${line}\n`)
    .join('');
}

function describeOpen(
  { id, state, stage, stageStartedAt }: RunReport['run'],
  on: Parameters<typeof commandOn>[1],
): string {
  const place = state === 'waiting' ? 'waits for its turn' : `is in stage ${stage}`;
  return `open      ${place} since ${stageStartedAt.toISOString()}; if its guard was stopped, the same command goes on with it; to cancel it: ${commandOn(`abort ${id} --why TEXT`, on)}`;
}

const shownChecks = 50;
/** How many checks that fail like a shown one are named. */
const namedAlike = 3;
const namedLength = 100;

function describeReport(report: RunReport, standing: Standing, records: string | undefined): string {
  const { run, decisions, health, effects, trafficChanges, failures, audits } = report;
  const now = describeNow(run, standing, records);
  const built = run.build
    ? `build   ${run.build.id} (${run.build.status}; revision found by ${run.build.resolvedBy})\n`
    : '';
  const alike = [...Map.groupBy(failures, likenessOf).values()];
  const checks = alike.slice(0, shownChecks).map(describeAlike);
  const hidden = alike.slice(shownChecks).flat().length;
  const more = hidden > 0 ? `  and ${hidden} more: use --json\n` : '';
  const ticks = health.map((fact) => `  ${fact.stage}  ${describeTick(fact)}\n`).join('');
  const stages = decisions.map((d) => [
    d.at.toISOString(),
    d.stage,
    d.verdict,
    d.reasons.map((reason) => reason.text).join('; '),
  ]);
  const inOrder = effects.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  const done = inOrder.map((effect) => [
    (effect.endedAt ?? effect.createdAt).toISOString(),
    effect.kind,
    effect.state,
    effect.outcome?.text ?? '',
  ]);
  const changes = trafficChanges.map((change) => [
    change.at.toISOString(),
    change.actor,
    change.outcome,
    describeMove(change),
  ]);
  return [
    summarizeRun(report, standing.since && { ...standing.since, isOwn: true }, records),
    built,
    now === '' ? '' : section('Service state now', now),
    section('Probes', ticks),
    failures.length > 0 ? section('Checks that did not simply pass', checks.join('') + more) : '',
    section('Decisions', formatTable(['AT', 'STAGE', 'VERDICT', 'WHY'], stages)),
    section('Effects', formatTable(['AT', 'KIND', 'STATE', 'OUTCOME'], done)),
    section('Writes to the service', formatTable(['AT', 'ACTOR', 'ANSWER', 'TRAFFIC'], changes)),
    audits?.results ? section('Audits', describeAudits(audits.results)) : '',
  ].join('');
}

/** The same for checks that failed for one cause; a check that says nothing of its cause is like no other. */
function likenessOf(check: RunReport['failures'][number]): string {
  const { suite, id, priority, settlement, quarantined, warns = false, detail } = check;
  const cause = detail === undefined ? id : failureSignature(check);
  return JSON.stringify([suite, priority, settlement, quarantined, warns, concernOf(check), cause]);
}

function describeAlike(checks: RunReport['failures']): string {
  const [first, ...others] = checks;
  if (!first) return '';
  const row = `  ${first.priority}  ${describeCheck(first)}\n`;
  const named = others.slice(0, namedAlike).map(({ id }) => oneLine(id, namedLength));
  const rest = others.length > named.length ? ', …' : '';
  const more = others.length > 0 ? `      and ${others.length} more alike: ${named.join(', ')}${rest}\n` : '';
  return row + more + concernOf(first);
}

function concernOf(check: RunReport['failures'][number]): string {
  const concern = describeConcern(check);
  return concern === '' ? '' : `      ${concern}\n`;
}

function section(title: string, text: string): string {
  return `\n${title}\n${text}`;
}
