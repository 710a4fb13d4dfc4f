import type { RunStory } from '../../../domain/notices/run-story.ts';
import { formatSplit, specSplit } from '../../../domain/service-state.ts';
import type { EffectKind } from '../../../domain/stages.ts';
import { isShift } from '../../../domain/traffic/is-shift.ts';
import { describeMove } from '../../describe-move.ts';
import { formatSeconds } from '../../format-seconds.ts';
import type { Section } from '../../safe/assemble.ts';
import { code, commands, list, md, table, text } from '../../safe/markdown.ts';
import { undoOf } from '../../summarize-run.ts';

interface Happening {
  readonly at: Date;
  readonly what: string;
}

const maxHappenings = 30;
const lineLength = 400;
/** They prepare and clean up. */
const unremarkable: readonly EffectKind[] = ['tag', 'untag'];

/** What happened, with the times of the machines. */
export function courseSection(story: RunStory): Section {
  const from = story.run.createdAt;
  const all = happeningsOf(story).toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const rows = all
    .slice(0, maxHappenings)
    .map(({ at, what }) => [at.toISOString(), afterOf(from, at), text(what, lineLength)]);
  const more = all.length - rows.length;
  return {
    heading: 'What happened',
    rank: 5,
    parts: [table(['Time (UTC)', 'After', 'What'], rows), ...(more > 0 ? [md`and ${more} more`] : [])],
  };
}

function afterOf(from: Date, at: Date): string {
  const ms = at.getTime() - from.getTime();
  return ms < 0 ? `−${formatSeconds(-ms)}` : formatSeconds(ms);
}

function happeningsOf(story: RunStory): readonly Happening[] {
  const { run, decisions, effects, trafficChanges, diagnosis } = story;
  const opened = run.request
    ? `${run.request.actor} asked for a run: ${run.request.why}`
    : `the run was opened (${run.openedBy})`;
  return [
    { at: run.candidate.createTime, what: `${run.candidate.revision} was deployed` },
    { at: run.createdAt, what: opened },
    ...decisions.map(({ at, stage, verdict, reasons }) => ({
      at,
      what: `${stage}: ${verdict}: ${reasons.map(({ text }) => text).join('; ')}`,
    })),
    ...trafficChanges.filter(isShift).map((change) => ({ at: change.at, what: tellChange(change) })),
    ...effects.flatMap(({ kind, state, outcome, endedAt }) =>
      endedAt === undefined || unremarkable.includes(kind)
        ? []
        : [{ at: endedAt, what: `${kind} ${state}${outcome ? `: ${outcome.text}` : ''}` }],
    ),
    ...(diagnosis?.madeAt ? [{ at: diagnosis.madeAt, what: 'the diagnosis was made' }] : []),
    ...(run.closedAt ? [{ at: run.closedAt, what: `the run ended: ${run.verdict ?? 'open'}` }] : []),
  ];
}

type Change = RunStory['trafficChanges'][number];

function tellChange(change: Change): string {
  const unsure = change.outcome === 'unknown' ? ' (unknown whether this write took effect)' : '';
  return `traffic: ${describeMove(change)}${unsure}`;
}

/** What the guard did, and the exact command that takes it back. */
export function doneSection(story: RunStory): Section {
  const { run, trafficChanges, outdated } = story;
  const shifts = trafficChanges.filter(isShift);
  const outcome = run.outcome ? [md`Outcome: ${run.outcome.text} (${code(run.outcome.code)}).`] : [];
  const undo = undoOf(story);
  const last = shifts.findLast(isShift);
  if (shifts.length === 0 || undo === undefined || !last)
    return section([md`Traffic was not changed.`, ...outcome]);
  const back = formatSplit(specSplit(last.before, undefined));
  const undone =
    outdated === undefined
      ? [md`To undo it (traffic is ${back} again then):`, commands(undo)]
      : [md`There is nothing to undo: ${outdated}.`];
  return section([list(shifts.map(tellChange)), ...outcome, ...undone]);
}

function section(parts: Section['parts']): Section {
  return { heading: 'What was done', rank: 1, parts };
}
