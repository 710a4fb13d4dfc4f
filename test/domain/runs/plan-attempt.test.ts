import { describe, expect, it } from '@jest/globals';
import type { Run } from '../../../shared/domain/records/run.ts';
import { type Asker, planAttempt } from '../../../shared/domain/runs/plan-attempt.ts';
import { type ReasonCode, reason } from '../../../shared/domain/verdict.ts';
import { aRun } from '../entities.ts';

const because = (code: ReasonCode) => [reason(code, '')];

describe('planAttempt', () => {
  it('begins with the first attempt', () => {
    expect(planAttempt('sweep', undefined)).toEqual({ kind: 'open', attempt: 1 });
  });

  it('asks for nothing while the last attempt is under way', () => {
    expect(planAttempt('guard', aRun())).toMatchObject({ kind: 'running' });
  });

  it.each<[Asker, string, Partial<Run>, 'open' | 'none']>([
    ['guard', 'a pass', { verdict: 'pass' }, 'open'],
    ['rerun', 'a pass', { verdict: 'pass' }, 'open'],
    ['apply', 'a pass', { verdict: 'pass' }, 'none'],
    ['apply', 'a failure', { verdict: 'fail' }, 'open'],
    [
      'apply',
      'a pass that users did not see',
      { verdict: 'pass', reasons: because('watch-too-short') },
      'open',
    ],
    ['sweep', 'a pass', { verdict: 'pass' }, 'none'],
    ['sweep', 'a failure', { verdict: 'fail' }, 'none'],
    ['sweep', 'a run that was superseded', { verdict: 'superseded' }, 'open'],
    ['sweep', 'a frozen rollback', { verdict: 'fail', outcome: { code: 'frozen', text: '' } }, 'open'],
    ['sweep', 'a run that saw nothing', { verdict: 'inconclusive', reasons: because('unreachable') }, 'open'],
    [
      'sweep',
      'three runs that saw nothing',
      { verdict: 'inconclusive', reasons: because('unreachable'), attempt: 3 },
      'none',
    ],
    [
      'sweep',
      'a promotion that was refused',
      { verdict: 'inconclusive', outcome: { code: 'refused', text: '' } },
      'open',
    ],
  ])('%s after %s', (asker, _what, changes, kind) => {
    const last = aRun({ state: 'closed', ...changes });
    expect(planAttempt(asker, last)).toEqual(
      kind === 'none' ? { kind } : { kind, attempt: last.attempt + 1 },
    );
  });
});
