import { describe, expect, it } from '@jest/globals';
import { burstOf } from '../../../shared/domain/checks/burst.ts';
import type { CheckResult, Outcome } from '../../../shared/domain/checks/check-result.ts';
import { isInFocus } from '../../../shared/domain/checks/is-in-focus.ts';
import { matchesPattern } from '../../../shared/domain/checks/match-pattern.ts';
import {
  settleCheck,
  wantsComparison,
  wantsConfirmation,
  wantsRetry,
} from '../../../shared/domain/checks/settle-check.ts';
import type { Settlement } from '../../../shared/domain/checks/settled-check.ts';

const result = (outcome: Outcome, changes: Partial<CheckResult> = {}): CheckResult => ({
  id: 'a',
  outcome,
  durationMs: 10,
  ...changes,
});
const results = (...outcomes: readonly Outcome[]) => outcomes.map((outcome) => result(outcome));

describe('settleCheck', () => {
  it.each<[readonly Outcome[], Outcome | undefined, Settlement]>([
    [[], undefined, 'not-run'],
    [['passed'], undefined, 'passed'],
    [['skipped'], undefined, 'skipped'],
    [['failed', 'passed'], undefined, 'flaky'],
    [['errored', 'passed'], undefined, 'flaky'],
    [['errored', 'errored'], undefined, 'errored'],
    [['failed', 'errored'], 'passed', 'uncompared'],
    [['failed', 'failed', 'failed'], 'passed', 'regression'],
    [['failed', 'failed', 'passed'], 'passed', 'flaky'],
    [['failed', 'failed', 'errored'], 'passed', 'uncompared'],
    [['errored', 'failed', 'errored'], undefined, 'uncompared'],
    [['failed', 'failed'], 'failed', 'known'],
    [['failed', 'failed'], 'errored', 'uncompared'],
    [['failed', 'failed'], 'skipped', 'uncompared'],
    [['failed', 'failed'], undefined, 'uncompared'],
    [['failed'], 'passed', 'uncompared'],
    [['errored', 'failed'], 'passed', 'uncompared'],
    [['failed', 'skipped'], undefined, 'uncompared'],
  ])('makes of %j on the candidate and %s on stable: %s', (candidate, stable, settlement) => {
    const attempts = { candidate: results(...candidate), stable: stable && result(stable), confirmed: true };
    expect(settleCheck(attempts)).toBe(settlement);
  });

  it('blames nobody before the candidate has failed once more after stable has passed', () => {
    const attempts = { candidate: results('failed', 'failed'), stable: result('passed') };
    expect(wantsConfirmation(attempts)).toBe(true);
    expect(settleCheck(attempts)).toBe('uncompared');
  });

  it('takes for flaky what its runner had to try again', () => {
    expect(settleCheck({ candidate: [result('passed', { flaky: true })] })).toBe('flaky');
  });

  it.each<[readonly Outcome[], number, boolean, boolean]>([
    [['passed'], 1, false, false],
    [['failed'], 1, true, false],
    [['failed', 'failed'], 1, false, true],
    [['failed', 'failed'], 2, true, false],
    [['errored'], 1, true, false],
    [['errored', 'errored'], 1, false, false],
    [['failed', 'passed'], 1, false, false],
    [[], 1, false, false],
  ])('after %j with %d retries wants a retry: %s, a comparison: %s', (candidate, retries, again, compare) => {
    const attempts = { candidate: results(...candidate) };
    expect([wantsRetry(attempts, retries), wantsComparison(attempts, retries)]).toEqual([again, compare]);
  });
});

describe('burstOf', () => {
  const down = result('failed', { signature: 'http-503' });
  const times = <T>(n: number, value: T): T[] => Array(n).fill(value);

  it.each<[string, readonly CheckResult[], string | undefined]>([
    ['nine alike', times(9, down), undefined],
    ['ten alike', times(10, down), 'http-503'],
    ['ten alike among twenty', [...times(10, down), ...times(10, result('passed'))], 'http-503'],
    ['ten alike long ago', [...times(10, down), ...times(11, result('passed'))], undefined],
    [
      'ten of two kinds',
      [...times(5, down), ...times(5, result('failed', { signature: 'refused' }))],
      undefined,
    ],
    ['ten failures of the application', times(10, result('failed')), undefined],
  ])('sees %s', (_what, all, signature) => {
    expect(burstOf(all)).toBe(signature);
  });
});

describe('matchesPattern', () => {
  it.each([
    ['abc', 'abc', true],
    ['abc', 'ab', false],
    ['abc', 'a*', true],
    ['abc', '*c', true],
    ['abc', '*b*', true],
    ['abc', 'a*c', true],
    ['abc', 'a*b', false],
    ['aa', 'a*a', true],
    ['a', 'a*a', false],
    ['tests/a.py::t[x*y]', 'tests/*::t[*', true],
    ['a.c', 'a?c', false],
    ['abab', 'a*b*ab', true],
    ['', '*', true],
  ])('%j is what %j says: %s', (text, pattern, matches) => {
    expect(matchesPattern(text, pattern)).toBe(matches);
  });
});

describe('isInFocus', () => {
  const suite = { priority: 'P1' as const, category: 'auth', tags: ['golden-path', 'smoke'] };

  it.each([
    ['all', true],
    ['golden-path', true],
    ['category:auth', true],
    ['category:chat', false],
    ['priority:P1', true],
    ['priority:P2', false],
    ['tag:smoke', true],
    ['tag:slow', false],
  ])('%s: %s', (focus, is) => {
    expect(isInFocus(suite, focus)).toBe(is);
  });
});
