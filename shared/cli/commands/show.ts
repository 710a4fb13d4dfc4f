import { Command } from 'commander';
import { documentIn } from '../../contracts/document.ts';
import { RunIdSchema } from '../../contracts/id-schemas.ts';
import { services } from '../../contracts/records.ts';
import type { RunId } from '../../domain/ids.ts';
import { compareRevisions } from '../../domain/revision.ts';
import { formatSplit, sameSplit, specSplit } from '../../domain/service-state.ts';
import type { Store } from '../../ports/store.ts';
import { listRuns, listTrafficChanges, type RunReport, reportRun } from '../../services/query-reports.ts';
import { loadControls } from '../../services/records/load-controls.ts';
import { loadWindow } from '../../services/records/load-pause.ts';
import { describeCheck, describeConcern } from '../../wording/describe-check.ts';
import { describeControl, describeStanding } from '../../wording/describe-standing.ts';
import { describeTick } from '../../wording/describe-tick.ts';
import { formatTable } from '../../wording/format-table.ts';
import { mends } from '../../wording/mend-of.ts';
import { noRuns } from '../../wording/nothing-yet.ts';
import { type EarlierRun, summarizeRun } from '../../wording/summarize-run.ts';
import type { CliIo } from '../cli-io.ts';
import { BadInputError } from '../exit/bad-input-error.ts';
import { parseOption } from '../options/parse-option.ts';
import type { StoreOptions } from '../options/store-options.ts';
import { firestoreOption, recordsOption } from '../options/store-options.ts';
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
      const { report, standing, since } = await withStore(options, io, async (store) => {
        const found = await reportRun(store, runId);
        if (!found) throw new BadInputError(await whyNoRun(runId, store));
        return {
          report: found,
          standing: await describeNow(runId, found, store),
          since: await findChangeSince(found, store),
        };
      });
      io.stdout.write(options.json ? `${JSON.stringify(report)}\n` : describeReport(report, standing, since));
    });
}

const namedRuns = 3;

async function whyNoRun(runId: RunId, store: Store): Promise<string> {
  const newest = await listRuns(store, { limit: namedRuns });
  if (newest.length === 0) return noRuns;
  const names = newest.map(({ id, candidate }) => `${id} of ${candidate.revision}`).join(', ');
  return `no run ${runId} is recorded (newest: ${names}); deploy-loop runs lists them`;
}

/** What the records know of the service's traffic after the run; undefined: nothing has changed it. */
async function findChangeSince({ run }: RunReport, store: Store): Promise<EarlierRun | undefined> {
  if (run.state !== 'closed') return undefined;
  const [changes, service] = await Promise.all([
    listTrafficChanges(store, run.serviceKey, 100),
    store.get(documentIn(services, run.serviceKey)),
  ]);
  const last = changes.find(
    ({ outcome, before, after }) =>
      outcome === 'accepted' && !sameSplit(specSplit(before, undefined), specSplit(after, undefined)),
  );
  const current = service?.data.currentRun;
  const changedTo = last && last.runId !== run.id && last.at > run.createdAt ? last.after : undefined;
  const overtakenBy = current && compareRevisions(current, run.candidate) > 0 ? current.revision : undefined;
  if (!changedTo && overtakenBy === undefined) return undefined;
  return { isOwn: true, changedTo: changedTo && specSplit(changedTo, undefined), overtakenBy };
}

/** Anything unusual about the run or its service at present. */
async function describeNow(runId: RunId, { run }: RunReport, store: Store): Promise<string> {
  const [controls, service, window] = await Promise.all([
    loadControls(run.serviceKey, runId, store),
    store.get(documentIn(services, run.serviceKey)),
    loadWindow(run.serviceKey, store),
  ]);
  const { killSwitch, abort } = controls;
  return [
    ...(run.state === 'closed' ? [] : [describeOpen(run)]),
    ...(killSwitch ? [`killed    ${describeControl(killSwitch)}; ${mends.killed('')}`] : []),
    ...describeStanding(service?.data ?? {}, { ...controls, window }),
    ...(abort ? [`cancelled ${describeControl(abort)}`] : []),
  ]
    .map((line) => `  ${line}\n`)
    .join('');
}

function describeOpen({ id, state, stage, stageStartedAt }: RunReport['run']): string {
  const place = state === 'waiting' ? 'waits for its turn' : `is in stage ${stage}`;
  return `open      ${place} since ${stageStartedAt.toISOString()}; if its guard was stopped, the same command goes on with it; to cancel it: deploy-loop abort ${id} --why TEXT`;
}

const shownChecks = 50;

function describeReport(report: RunReport, standing: string, since: EarlierRun | undefined): string {
  const { run, decisions, health, effects, trafficChanges, failures } = report;
  const built = run.build
    ? `build   ${run.build.id} (${run.build.status}; revision found by ${run.build.resolvedBy})\n`
    : '';
  const checks = failures
    .slice(0, shownChecks)
    .map((check) => `  ${check.priority}  ${describeCheck(check)}\n${concernOf(check)}`);
  const more =
    failures.length > shownChecks ? `  and ${failures.length - shownChecks} more: use --json\n` : '';
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
    `${formatSplit(specSplit(change.before, undefined))} → ${formatSplit(specSplit(change.after, undefined))}`,
  ]);
  return [
    summarizeRun(report, since),
    built,
    standing === '' ? '' : section('Service state now', standing),
    section('Probes', ticks),
    failures.length > 0 ? section('Checks that did not simply pass', checks.join('') + more) : '',
    section('Decisions', formatTable(['AT', 'STAGE', 'VERDICT', 'WHY'], stages)),
    section('Effects', formatTable(['AT', 'KIND', 'STATE', 'OUTCOME'], done)),
    section('Writes to the service', formatTable(['AT', 'ACTOR', 'ANSWER', 'TRAFFIC'], changes)),
  ].join('');
}

function concernOf(check: RunReport['failures'][number]): string {
  const concern = describeConcern(check);
  return concern === '' ? '' : `      ${concern}\n`;
}

function section(title: string, text: string): string {
  return `\n${title}\n${text}`;
}
