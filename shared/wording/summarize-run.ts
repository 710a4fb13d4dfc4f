import type {
  AuditsRecord,
  DecisionRecord,
  DiagnosisRecord,
  EffectRecord,
  GroupFindingRecord,
  IntentRecord,
  RunRecord,
} from '../contracts/records.ts';
import type { RevisionName } from '../domain/ids.ts';
import { describeGroup } from '../domain/runs/compare-versions.ts';
import { isKeptByPin, lacksTraffic } from '../domain/runs/review-standing.ts';
import { formatSplit, sameSplit, specSplit, type TrafficSplit } from '../domain/service-state.ts';
import type { EffectKind } from '../domain/stages.ts';
import { summarizeAudits } from './describe-audits.ts';
import { describeCause } from './describe-diagnosis.ts';
import { formatSeconds } from './format-seconds.ts';
import { type MendSubject, mendOf, promoteCommand, rerunCommand, rollbackCommand } from './mend-of.ts';
import { trafficCommand } from './traffic-command.ts';

/** The records of a run. */
interface RunStory {
  readonly run: RunRecord & { readonly id: string };
  readonly decisions: readonly DecisionRecord[];
  readonly effects: readonly EffectRecord[];
  readonly trafficChanges: readonly IntentRecord[];
  readonly diagnosis?: DiagnosisRecord | undefined;
  readonly audits?: AuditsRecord | undefined;
  readonly group?: GroupFindingRecord | undefined;
}

/**
 * The summary of a run that has ended, in a few lines.
 * @param earlier what to say of a run that ended before; what it left may be gone
 * @param records the options that name the records; null: they end with this process
 */
export function summarizeRun(report: RunStory, earlier?: EarlierRun, records: string | null = ''): string {
  const { run } = report;
  const isGone = isResultGone(earlier);
  const outcome = isGone ? '' : outcomeOf(report);
  const lines: [string, string][] = [
    ['verdict', `${run.verdict ?? 'open'}  ${run.ref.service} ${run.candidate.revision}${outcome}`],
  ];
  if (run.reasons.length > 0) lines.push(['why', run.reasons.map((reason) => reason.text).join('; ')]);
  lines.push(...causeLines(report.diagnosis));
  lines.push(
    ...summarizeAudits(report.audits).map((line, n): [string, string] => [n === 0 ? 'audits' : '', line]),
  );
  lines.push(...groupLines(report.group, records));
  if (earlier) lines.push(['note', describeEarlier(run, earlier)]);
  if (run.request) lines.push(['by', `${run.request.actor}: ${run.request.why}`]);
  const times = isGone && !earlier?.isOwn ? undefined : timesOf(report);
  if (times) lines.push(['times', times]);
  const undo = isGone ? undefined : undoOf(report);
  if (undo) lines.push(['undo', undo]);
  if (!isGone) lines.push(...nextLines(run, records, earlier));
  lines.push(['run', run.id]);
  return lines.map(([name, text]) => `${name.padEnd(8)}${text}\n`).join('');
}

/** Why it broke, with the steps that lead there. */
function causeLines(diagnosis: RunStory['diagnosis']): [string, string][] {
  if (!diagnosis?.result) return [];
  return describeCause(diagnosis.result).map((line, n) => [n === 0 ? 'cause' : '', line]);
}

/** The versions of its group, and the commands that put the others back too. */
function groupLines(group: RunStory['group'], records: string | null): [string, string][] {
  if (!group) return [];
  const commands = group.members.flatMap(({ name, fits }) =>
    fits === undefined || records === null ? [] : [rollbackCommand({ name, revision: fits, records })],
  );
  return [
    ['group', describeGroup(group)],
    ...commands.map((command): [string, string] => ['', `to put it back too: ${command}`]),
  ];
}

/** How to give it its traffic, what mends the reason for which traffic was not moved, or how to have it judged anew. */
function nextLines(
  run: RunStory['run'],
  records: string | null,
  earlier: EarlierRun | undefined,
): [string, string][] {
  const subject = { name: run.name, revision: run.candidate.revision, records: records ?? undefined };
  if (!lacksTraffic(run)) {
    const next =
      mendOfRun(run, subject) ?? (earlier && !earlier.isOwn ? judgedAnew(run, subject) : undefined);
    return next === undefined ? [] : [['next', next]];
  }
  const commands = [
    ...(records === null ? [] : [promoteCommand(subject)]),
    ...(isKeptByPin(run) ? [] : [giveAllLine(run)]),
  ];
  return commands.map((command, index) => [index === 0 ? 'next' : 'or', command]);
}

/** What mends the reason for which a run moved no traffic. */
export function mendOfRun(
  { state, verdict, reasons, outcome, stable }: RunStory['run'],
  subject: MendSubject,
): string | undefined {
  if (state !== 'closed' || verdict === 'pass' || verdict === 'superseded') return undefined;
  const codes = [...(outcome ? [outcome] : []), ...reasons].map(({ code }) => code);
  if (stable === undefined && codes.includes('not-compared')) return mendOf('no-target', subject);
  // The kill switch has the code of a freeze, and its own text.
  const killed = reasons.some(({ code, text }) => code === 'frozen' && text.includes('kill switch'));
  return killed
    ? mendOf('killed', subject)
    : codes.map((code) => mendOf(code, subject)).find((text) => text !== undefined);
}

/** A repeated message changes nothing: what held the run back, or only observed it, may be over. */
function judgedAnew({ state, verdict, outcome }: RunStory['run'], subject: MendSubject): string | undefined {
  const isSettled = verdict === 'pass' || verdict === 'superseded' || outcome !== undefined;
  return state !== 'closed' || isSettled ? undefined : `to have it judged again: ${rerunCommand(subject)}`;
}

/** A run whose result may not be in force any more. */
export interface EarlierRun {
  /** True: the command that asks about it has handled it itself. */
  readonly isOwn?: boolean;
  /** A newer revision that was deployed since. */
  readonly overtakenBy?: RevisionName | undefined;
  /** What the traffic is now, where that is not what the run left. */
  readonly changedTo?: TrafficSplit | undefined;
  /** Why nobody knows what it is now. */
  readonly unread?: string | undefined;
}

/** True: what the run left is not in force any more, or may not be; undoing it would undo something newer. */
export function isResultGone(earlier: EarlierRun | undefined): boolean {
  return [earlier?.changedTo, earlier?.unread, earlier?.overtakenBy].some((why) => why !== undefined);
}

function describeEarlier(
  { closedAt }: RunStory['run'],
  { isOwn, changedTo, unread, overtakenBy }: EarlierRun,
): string {
  return [
    ...(isOwn ? [] : [`handled earlier${closedAt ? ` (${closedAt.toISOString()})` : ''}`]),
    ...(unread === undefined ? [] : [`the traffic is not known now: ${unread}`]),
    ...(changedTo ? [`since then traffic has changed to ${formatSplit(changedTo)}`] : []),
    ...(overtakenBy === undefined ? [] : [`since then ${overtakenBy} was deployed`]),
  ].join('; ');
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

/** In the order of time. */
function timesOf({ run, decisions, effects }: RunStory): string | undefined {
  const first = (matches: (decision: DecisionRecord) => boolean) => decisions.find(matches)?.at;
  const settled = first(({ stage, verdict }) => stage !== 'reverify' && verdict !== 'pass');
  const times: readonly [string, Date | undefined][] = [
    ['decided', settled ?? first(({ stage }) => stage === 'health')],
    ['promoted', lastDone(effects, ['promote', 'step'])?.endedAt],
    ['good', lastDone(effects, ['mark-good'])?.endedAt],
    ['restored', lastDone(effects, ['rollback'])?.endedAt],
    ['re-verified', first(({ stage }) => stage === 'reverify')],
  ];
  const parts = times
    .flatMap(([what, at]) => (at ? [{ what, afterMs: at.getTime() - run.createdAt.getTime() }] : []))
    .sort((a, b) => a.afterMs - b.afterMs)
    .map(({ what, afterMs }) => `${what} after ${formatSeconds(afterMs)}`);
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
