import type { IssueHistory, Recurrence } from '../../domain/notices/recurrence.ts';
import { countOf } from '../../domain/render/count-of.ts';
import type { ReasonCode } from '../../domain/verdict.ts';
import { code, joined, link, type Markdown, md, table, text } from '../safe/markdown.ts';
import { markerOf } from './markers.ts';
import { verdictWords } from './tell-state.ts';

const shownRecurrences = 20;
const lineLength = 200;

/** The one comment that says how the issue stands: edited for each run, never a second one. */
export function statusComment(history: IssueHistory): string {
  const newest = history.recurrences.toReversed().slice(0, shownRecurrences);
  const older = history.count - newest.length;
  const rows = newest.map((one) => [one.at.toISOString(), linked(one), text(tell(one), lineLength)]);
  return joined([
    markerOf('status', history.fingerprint),
    stateOf(history),
    table(['Time (UTC)', 'Revision', 'What happened'], rows),
    ...(older > 0
      ? [md`and ${countOf(older, 'earlier run')}, the first at ${history.firstAt.toISOString()}`]
      : []),
  ]).source;
}

function stateOf({ count, firstAt, solved, recurrences }: IssueHistory): Markdown {
  const times = countOf(count, 'run');
  if (solved)
    return md`**Solved**: ${linked(solved)} passed at ${solved.at.toISOString()}, after ${times} with this cause since ${firstAt.toISOString()}.`;
  const last = recurrences.at(-1);
  const recent = last && count > 1 ? md`, the last at ${last.at.toISOString()}` : md``;
  return md`**Open**: ${times} with this cause since ${firstAt.toISOString()}${recent}.`;
}

function linked({ revision, reportUrl }: Pick<Recurrence, 'revision' | 'reportUrl'>): Markdown {
  return reportUrl === undefined ? code(revision) : link(code(revision), reportUrl);
}

/** Shorter than the outcomes' own texts. */
const outcomeWords: Partial<Record<ReasonCode, string>> = {
  restored: 'traffic was restored',
  unrestored: 'users still got errors after the rollback',
};

function tell({ verdict, outcome }: Recurrence): string {
  return outcome
    ? `${verdictWords[verdict]}; ${outcomeWords[outcome.code] ?? outcome.text}`
    : verdictWords[verdict];
}
