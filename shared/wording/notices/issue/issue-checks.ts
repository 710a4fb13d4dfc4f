import { isCounted } from '../../../domain/notices/failed-check.ts';
import type { RunStory } from '../../../domain/notices/run-story.ts';
import { countOf } from '../../../domain/render/count-of.ts';
import { describeCheck, describeConcern } from '../../describe-check.ts';
import type { Section } from '../../safe/assemble.ts';
import { list, md, table, text } from '../../safe/markdown.ts';

const maxChecks = 25;
const maxAudits = 50;
const reasonLength = 300;

/** The checks that did not simply pass; those that count come first. */
export function checksSection({ checks }: RunStory): Section {
  const ordered = checks.toSorted((a, b) => orderOf(a) - orderOf(b) || (a.priority < b.priority ? -1 : 1));
  const lines = ordered.slice(0, maxChecks).map((check) => {
    const concern = describeConcern(check);
    const line = md`**${check.priority}** ${describeCheck(check)}`;
    return concern === '' ? line : md`${line} (${concern})`;
  });
  const more = checks.length - lines.length;
  return {
    heading: 'Checks',
    rank: 6,
    parts:
      lines.length === 0
        ? []
        : [list(lines), ...(more > 0 ? [md`and ${countOf(more, 'check')} more, in the report`] : [])],
  };
}

function orderOf(check: RunStory['checks'][number]): number {
  return isCounted(check) ? 0 : 1;
}

export function auditsSection({ audits = [] }: RunStory): Section {
  const rows = audits
    .slice(0, maxAudits)
    .map(({ name, score = '', result, reason }) => [name, score, result, text(reason, reasonLength)]);
  return {
    heading: 'Audits',
    rank: 8,
    parts: rows.length === 0 ? [] : [table(['Audit', 'Score', 'Result', 'Reason'], rows)],
  };
}
