import { describe, expect, it } from '@jest/globals';
import { assessTests, type TestFacts, type TestPolicy } from '../../../shared/domain/checks/assess-tests.ts';
import {
  allowedFailures,
  allowedOf,
  countBy,
  lostWeight,
  weigh,
} from '../../../shared/domain/checks/gates.ts';
import type { Priority } from '../../../shared/domain/checks/priorities.ts';
import type { SettledCheck, Settlement } from '../../../shared/domain/checks/settled-check.ts';

const policy: TestPolicy = {
  gates: { P1: 0, P2: 5, P3: 10, P4: 10, P5: 20, P6: 20 },
  p95Ms: 2_000,
  erroredPercent: 0,
  suspect: 'report',
};

const check = (changes: Partial<SettledCheck> = {}): SettledCheck => ({
  suite: 'api',
  id: 'a',
  priority: 'P1',
  quarantined: false,
  settlement: 'passed',
  durationMs: 100,
  ...changes,
});

/** `n` checks of a priority, the first ones settled as named. */
const checks = (priority: Priority, n: number, ...settlements: readonly Settlement[]): SettledCheck[] =>
  Array.from({ length: n }, (_, k) =>
    check({ priority, id: `${priority}-${k}`, settlement: settlements[k] ?? 'passed' }),
  );

function factsOf(all: readonly SettledCheck[], changes: Partial<TestFacts> = {}): TestFacts {
  const counted = countBy(all.filter(({ quarantined }) => !quarantined));
  return {
    plan: { shards: 4, counted, problems: [] },
    shardsIn: 4,
    checks: all,
    missing: { count: 0, first: [] },
    ...changes,
  };
}

describe('assessTests', () => {
  it.each<[string, readonly SettledCheck[], object]>([
    ['passes what passes', checks('P1', 3), { kind: 'passed', note: '3 checks: 3 passed' }],
    [
      'passes what is flaky, and says so',
      checks('P1', 3, 'flaky'),
      { kind: 'passed', note: '3 checks: 2 passed, 1 flaky' },
    ],
    ['fails on one regression of P1', checks('P1', 3, 'regression'), { kind: 'failed' }],
    ['passes one regression in 40 of P2', checks('P2', 40, 'regression'), { kind: 'passed' }],
    [
      'fails on two regressions in 40 of P2: 5 % is not below 5 %',
      checks('P2', 40, 'regression', 'regression'),
      { kind: 'failed' },
    ],
    ['fails on one regression in 20 of P2', checks('P2', 20, 'regression'), { kind: 'failed' }],
    [
      'passes 19 regressions in 100 of P5',
      checks('P5', 100, ...Array(19).fill('regression')),
      { kind: 'passed' },
    ],
    [
      'fails on 20 regressions in 100 of P5',
      checks('P5', 100, ...Array(20).fill('regression')),
      { kind: 'failed' },
    ],
    ['keeps gates apart', [...checks('P1', 3), ...checks('P5', 10, 'regression')], { kind: 'passed' }],
    [
      'never passes known failures beyond a gate',
      checks('P1', 3, 'known'),
      { kind: 'unknown', cause: 'known-failures' },
    ],
    ['passes known failures within a gate', checks('P2', 40, 'known'), { kind: 'passed' }],
    [
      'adds known failures to regressions, and blames nobody',
      checks('P2', 40, 'known', 'regression'),
      { kind: 'unknown', cause: 'known-failures' },
    ],
    [
      'says when a failure could not be compared',
      checks('P1', 3, 'uncompared'),
      { kind: 'unknown', cause: 'tests-not-compared' },
    ],
    [
      'is unsure when a check broke by itself',
      checks('P1', 3, 'errored'),
      { kind: 'unknown', cause: 'fix-test' },
    ],
    [
      'is unsure when a check did not run',
      checks('P6', 100, 'not-run'),
      { kind: 'unknown', cause: 'missing-results' },
    ],
    [
      'fails on regressions also where checks did not run',
      checks('P1', 3, 'regression', 'not-run'),
      { kind: 'failed' },
    ],
    [
      'is unsure when all of a priority is skipped',
      [...checks('P2', 2), ...checks('P1', 2, 'skipped', 'skipped')],
      { kind: 'unknown', cause: 'no-tests' },
    ],
    ['is unsure when there is nothing', [], { kind: 'unknown', cause: 'no-tests' }],
    [
      'does not count what is in quarantine',
      [...checks('P1', 3), check({ id: 'q', quarantined: true, settlement: 'regression' })],
      { kind: 'passed' },
    ],
    [
      'is unsure when only quarantined checks ran',
      [check({ quarantined: true })],
      { kind: 'unknown', cause: 'no-tests' },
    ],
    [
      'only reports what is suspect',
      checks('P1', 3, 'suspect'),
      { kind: 'passed', note: '3 checks: 2 passed, 1 suspect' },
    ],
    [
      'is unsure when answers are slow',
      Array.from({ length: 20 }, (_, n) => check({ latencyMs: n < 2 ? 3_000 : 100 })),
      { kind: 'unknown', cause: 'tests-latency' },
    ],
    [
      'does not judge the answers of fewer than 20 checks, and says so',
      Array.from({ length: 19 }, () => check({ latencyMs: 3_000 })),
      {
        kind: 'passed',
        note: '19 checks: 19 passed; p95 not judged (19 of 20 response times)',
      },
    ],
    [
      'says nothing of response times where there are none',
      checks('P1', 30),
      { kind: 'passed', note: '30 checks: 30 passed' },
    ],
    [
      'passes when one answer in twenty is slow',
      Array.from({ length: 20 }, (_, n) => check({ latencyMs: n < 1 ? 3_000 : 100 })),
      { kind: 'passed' },
    ],
  ])('%s', (_what, all, expected) => {
    expect(assessTests(factsOf(all), policy, false)).toMatchObject(expected);
  });

  it('names the checks, a few of them', () => {
    const all = checks('P1', 8, ...Array(8).fill('regression'));
    const assessment = assessTests(factsOf(all), policy, false);
    expect(assessment).toMatchObject({
      detail:
        '8 of 8 checks of P1 fail here and pass on the stable revision (none allowed): api: P1-0, api: P1-1, api: P1-2, api: P1-3, api: P1-4, and 3 more',
    });
  });

  it('takes suspect checks for not run where the policy says so', () => {
    const strict = { ...policy, suspect: 'not-run' as const };
    expect(assessTests(factsOf(checks('P1', 3, 'suspect')), strict, false)).toMatchObject({
      kind: 'unknown',
      cause: 'suspect-tests',
    });
  });

  it('tolerates as many broken checks as the policy says', () => {
    const lenient = { ...policy, erroredPercent: 34 };
    expect(assessTests(factsOf(checks('P1', 3, 'errored')), lenient, false)).toMatchObject({
      kind: 'passed',
    });
  });

  it.each<readonly [Settlement, Settlement]>([
    ['errored', 'errored'],
    ['errored', 'skipped'],
  ])('never passes a priority of which nothing ran, however many may break: %s, %s', (one, other) => {
    const lenient = { ...policy, erroredPercent: 34 };
    const all = [...checks('P2', 40), ...checks('P1', 2, one, other)];
    expect(assessTests(factsOf(all), lenient, false)).toMatchObject({ kind: 'unknown', cause: 'no-tests' });
  });

  describe('while shards are missing', () => {
    const some = factsOf(checks('P1', 3), { shardsIn: 3, missing: { count: 2, first: ['x', 'y'] } });

    it('waits', () => {
      expect(assessTests(some, policy, false)).toEqual({ kind: 'running' });
    });

    it('fails at once when a gate is lost', () => {
      const lost = { ...some, checks: checks('P1', 3, 'regression') };
      expect(assessTests(lost, policy, false)).toMatchObject({ kind: 'failed' });
    });

    it('is unsure at the deadline, and names what is missing', () => {
      expect(assessTests(some, policy, true)).toEqual({
        kind: 'unknown',
        cause: 'missing-results',
        detail: 'no result for 2 checks: x, y',
      });
    });
  });

  it('waits for the plan, and is unsure without one at the deadline', () => {
    const none = factsOf([], { plan: undefined, shardsIn: 0 });
    expect(assessTests(none, policy, false)).toEqual({ kind: 'running' });
    expect(assessTests(none, policy, true)).toMatchObject({ kind: 'unknown', cause: 'missing-results' });
  });

  it('never passes what was not collected in full', () => {
    const facts = factsOf(checks('P1', 3));
    const plan = { shards: 4, counted: countBy(checks('P1', 3)), problems: ['suite api: it has no checks'] };
    expect(assessTests({ ...facts, plan }, policy, false)).toMatchObject({
      kind: 'unknown',
      cause: 'fix-test',
    });
  });
});

describe('gates', () => {
  it.each([
    [10, 0, 0],
    [20, 5, 0],
    [21, 5, 1],
    [100, 5, 4],
    [10, 10, 0],
    [11, 10, 1],
    [3, 20, 0],
    [30, 0.1, 0],
    [1_000, 99.9, 998],
    [7, 100, 7],
    [0, 5, 0],
  ])('of %d checks below %d %% may fail: %d', (count, percent, allowed) => {
    expect(allowedFailures(count, percent)).toBe(allowed);
  });

  it('weigh as much as a lost gate exactly when more regressions are in than may be', () => {
    const all = checks('P5', 100);
    const allowed = allowedOf(countBy(all), policy.gates);
    const lostBy = (n: number) =>
      weigh(checks('P5', n, ...Array(n).fill('regression')), allowed) >= lostWeight;
    expect([lostBy(allowed.P5), lostBy(allowed.P5 + 1)]).toEqual([false, true]);
  });

  it.each<[Settlement, number]>([
    ['passed', 0],
    ['flaky', 0],
    ['skipped', 0],
    ['known', 1],
    ['uncompared', 1],
    ['errored', 1],
    ['suspect', 1],
    ['not-run', 1],
    ['regression', lostWeight],
  ])('weigh %s as %d', (settlement, w) => {
    const allowed = { P1: 0, P2: 0, P3: 0, P4: 0, P5: 0, P6: 0 };
    expect(weigh([check(), check({ settlement })], allowed)).toBe(w);
    expect(weigh([check(), check({ settlement, quarantined: true })], allowed)).toBe(0);
  });
});
