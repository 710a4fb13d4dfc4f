import type { RevisionName } from '../../../shared/domain/ids.ts';
import type { Figures } from './report-figures.ts';
import type { Voice } from './voice.ts';

interface Chapter {
  readonly revision: RevisionName;
  readonly figures: Figures;
}

/** The story in four lines, one for each revision. */
export function summarize(
  {
    first,
    rollback,
    promotion,
    regression,
  }: {
    readonly first: Pick<Chapter, 'revision'>;
    readonly rollback: Chapter;
    readonly promotion: Chapter;
    readonly regression: Chapter;
  },
  voice: Voice,
): void {
  const after = ({ figures: { times } }: Chapter, effect: string) => `${times.done(effect).toFixed(1)} s`;
  const lines: readonly (readonly [Pick<Chapter, 'revision'>, string])[] = [
    [first, 'was verified, and is what a rollback goes back to'],
    [rollback, `answered 503 to everybody: rolled back ${after(rollback, 'rollback')} after its message`],
    [
      promotion,
      `was the fix: tested without traffic, promoted after ${after(promotion, 'promote')}, then watched`,
    ],
    [regression, `broke one page: a check found it, rolled back after ${after(regression, 'rollback')}`],
  ];
  for (const [{ revision }, text] of lines) voice.say(`${revision}  ${text}`);
}
