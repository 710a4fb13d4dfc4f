import type { DecisionRecord, EffectRecord, IntentRecord, RunRecord } from '../contracts/records.ts';
import { isKeptByPin, lacksTraffic } from '../domain/runs/review-standing.ts';
import { formatSplit, sameSplit, specSplit, type TrafficSplit } from '../domain/service-state.ts';
import type { EffectKind } from '../domain/stages.ts';
import { trafficCommand } from './traffic-command.ts';

/** The records of a run. */
interface RunStory {
  readonly run: RunRecord & { readonly id: string };
  readonly decisions: readonly DecisionRecord[];
  readonly effects: readonly EffectRecord[];
  readonly trafficChanges: readonly IntentRecord[];
}

/**
 * The summary of a run that has ended, in a few lines.
 * @param earlier what to say of a run that ended before; what it left may be gone
 */
export function summarizeRun(report: RunStory, earlier?: EarlierRun): string {
  const { run } = report;
  const isGone = earlier?.changedTo !== undefined || earlier?.unread !== undefined;
  const outcome = isGone ? '' : outcomeOf(report);
  const lines: [string, string][] = [
    ['verdict', `${run.verdict ?? 'open'}  ${run.ref.service} ${run.candidate.revision}${outcome}`],
    ['why', run.reasons.map((reason) => reason.text).join('; ')],
  ];
  if (earlier) lines.push(['note', describeEarlier(run, earlier)]);
  if (run.request) lines.push(['by', `${run.request.actor}: ${run.request.why}`]);
  const times = isGone ? undefined : timesOf(report);
  if (times) lines.push(['times', times]);
  const undo = isGone ? undefined : undoOf(report);
  if (undo) lines.push(['undo', undo]);
  if (lacksTraffic(run) && !isGone) lines.push(['next', promoteLine(run)]);
  if (lacksTraffic(run) && !isGone && !isKeptByPin(run)) lines.push(['or', giveAllLine(run)]);
  lines.push(['run', run.id]);
  return lines.map(([name, text]) => `${name.padEnd(8)}${text}\n`).join('');
}

/** A run that had ended before it was asked about. */
export interface EarlierRun {
  /** What the traffic is now, where that is not what the run left. */
  readonly changedTo?: TrafficSplit | undefined;
  /** Why nobody knows what it is now. */
  readonly unread?: string | undefined;
}

function describeEarlier({ closedAt }: RunStory['run'], { changedTo, unread }: EarlierRun): string {
  const handled = `handled earlier${closedAt ? ` (${closedAt.toISOString()})` : ''}`;
  if (unread !== undefined) return `${handled}; the traffic is not known now: ${unread}`;
  return changedTo ? `${handled}; since then traffic has changed to ${formatSplit(changedTo)}` : handled;
}

/** The command that gives it its users. */
function promoteLine({ name, candidate }: RunStory['run']): string {
  return `deploy-loop promote ${name} --revision ${candidate.revision} --why TEXT`;
}

/** The same without records. */
function giveAllLine({ ref, candidate }: RunStory['run']): string {
  return trafficCommand(ref, [{ revision: candidate.revision, percent: 100 }]);
}

function outcomeOf(report: RunStory): string {
  const { run } = report;
  const moved = run.target === undefined ? shiftOf(report) : `traffic is back on ${run.target}`;
  const kept = lacksTraffic(run) ? ', but it has no traffic' : '';
  const text = moved === undefined ? kept : `, ${moved}`;
  return run.outcome ? `${text} (${run.outcome.code}: ${run.outcome.text})` : text;
}

/** The share that the last promotion or step gave the revision, unless it was taken back. */
function shiftOf({ run, effects }: RunStory): string | undefined {
  if (run.outcome?.code === 'aborted') return undefined;
  return lastDone(effects, ['promote', 'step'])?.outcome?.text.replace(run.candidate.revision, 'it');
}

function timesOf({ run, decisions, effects }: RunStory): string | undefined {
  const since = (what: string, at: Date | undefined) =>
    at ? [`${what} after ${((at.getTime() - run.createdAt.getTime()) / 1000).toFixed(1)} s`] : [];
  const first = (matches: (decision: DecisionRecord) => boolean) => decisions.find(matches)?.at;
  const settled = first(({ stage, verdict }) => stage !== 'reverify' && verdict !== 'pass');
  const parts = [
    ...since('decided', settled ?? first(({ stage }) => stage === 'health')),
    ...since('promoted', lastDone(effects, ['promote', 'step'])?.endedAt),
    ...since('good', lastDone(effects, ['mark-good'])?.endedAt),
    ...since('restored', lastDone(effects, ['rollback'])?.endedAt),
    ...since(
      're-verified',
      first(({ stage }) => stage === 'reverify'),
    ),
  ];
  return parts.join(', ') || undefined;
}

function lastDone(effects: RunStory['effects'], kinds: readonly EffectKind[]) {
  return effects
    .filter((effect) => kinds.includes(effect.kind) && effect.state === 'done')
    .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
    .at(-1);
}

/** The command that undoes the last change of percentages; tags are cleaned up by themselves. */
export function undoOf({
  run,
  trafficChanges,
}: Pick<RunStory, 'run' | 'trafficChanges'>): string | undefined {
  const last = trafficChanges.findLast(
    ({ outcome, before, after }) =>
      outcome === 'accepted' && !sameSplit(specSplit(before, undefined), specSplit(after, undefined)),
  );
  return last && trafficCommand(run.ref, last.before);
}
