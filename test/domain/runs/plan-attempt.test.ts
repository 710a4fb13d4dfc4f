import { describe, expect, it } from '@jest/globals';
import type { Run } from '../../../shared/domain/records/run.ts';
import { type Asker, planAttempt } from '../../../shared/domain/runs/plan-attempt.ts';
import { reason } from '../../../shared/domain/verdict.ts';
import { aRun, now } from '../entities.ts';

const unverified = { isGood: false, now, ageMs: Number.POSITIVE_INFINITY };
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

describe('planAttempt', () => {
  it('begins with the first attempt', () => {
    expect(planAttempt('sweep', undefined, unverified)).toEqual({ kind: 'open', attempt: 1 });
  });

  it('asks for nothing while the last attempt is under way', () => {
    expect(planAttempt('guard', aRun(), unverified)).toMatchObject({ kind: 'running' });
  });

  it.each<[Asker, string, boolean, Partial<Run>, 'open' | 'none']>([
    ['guard', 'one that is good', true, {}, 'open'],
    ['rerun', 'one that is good', true, {}, 'open'],
    ['apply', 'one that is good', true, {}, 'none'],
    ['sweep', 'one that is good', true, {}, 'none'],
    ['apply', 'one that is not', false, { closedAt: now }, 'open'],
    ['sweep', 'one that was just judged', false, { closedAt: now }, 'none'],
    ['sweep', 'one that was judged a minute ago', false, { closedAt: minutesAgo(1) }, 'open'],
    ['sweep', 'one that was judged thrice', false, { closedAt: minutesAgo(3), attempt: 3 }, 'none'],
    [
      'sweep',
      'one that was judged thrice, longer ago',
      false,
      { closedAt: minutesAgo(4), attempt: 3 },
      'open',
    ],
    [
      'sweep',
      'one that was judged a hundred times',
      false,
      { closedAt: minutesAgo(60), attempt: 100 },
      'open',
    ],
    [
      'sweep',
      'one whose run a person cancelled',
      false,
      { closedAt: minutesAgo(600), reasons: [reason('aborted', '')] },
      'none',
    ],
  ])('%s of %s', (asker, _what, isGood, changes, kind) => {
    const last = aRun({ state: 'closed', verdict: 'inconclusive', closedAt: minutesAgo(600), ...changes });
    expect(planAttempt(asker, last, { ...unverified, isGood })).toEqual(
      kind === 'none' ? { kind } : { kind, attempt: last.attempt + 1 },
    );
  });
});
