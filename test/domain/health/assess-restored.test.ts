import { describe, expect, it } from '@jest/globals';
import {
  assessRestored,
  awaitsChecks,
  type RestoredPolicy,
} from '../../../shared/domain/health/assess-restored.ts';
import type { HealthFact } from '../../../shared/domain/health/health-fact.ts';
import type { ProbeOutcome } from '../../../shared/domain/health/probe-outcome.ts';
import type { RepeatedChecks } from '../../../shared/domain/health/repeated-checks.ts';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import { aFact } from '../../builders.ts';

const good: ProbeOutcome = { kind: 'good', status: 200, latencyMs: 20 };
const bad: ProbeOutcome = { kind: 'bad', fault: 'server-error', latencyMs: 20, detail: 'HTTP 503' };
const policy: RestoredPolicy = {
  health: {
    successes: 3,
    failureThreshold: 3,
    startupBudgetMs: 240_000,
    startupGraceMs: 0,
    wrongForMs: 30_000,
    badSharePercent: 10,
  },
  requests: {
    use: 'off',
    windowMs: 60_000,
    lagMs: 30_000,
    minimum: 20,
    maxErrorPercent: 5,
    windows: 2,
  },
  repeatsChecks: true,
};

function looks(outcomes: readonly ProbeOutcome[], checks?: Partial<RepeatedChecks>): HealthFact[] {
  const web1 = 'web-1' as RevisionName;
  const repeated = checks && { revision: web1, passed: 0, failed: [], unseen: [], ...checks };
  return outcomes.map((candidate, n) =>
    aFact(n, { candidate, ...(n === outcomes.length - 1 && { checks: repeated }) }),
  );
}

describe('assessRestored, of a deploy that has failed checks', () => {
  it.each<[string, boolean, readonly ProbeOutcome[]]>([
    ['too few good answers', false, [good, good]],
    ['a bad answer', false, [good, good, bad]],
    ['enough good answers', true, [good, good, good]],
  ])('waits for its checks after %s: %s', (_what, expected, outcomes) => {
    expect(awaitsChecks(looks(outcomes), policy)).toBe(expected);
    expect(assessRestored(looks(outcomes), policy)).toEqual({ kind: 'probing' });
  });

  it('waits for none that have been run, and for none where none had failed', () => {
    expect(awaitsChecks(looks([good, good, good], {}), policy)).toBe(false);
    const { repeatsChecks: _, ...others } = policy;
    expect(awaitsChecks(looks([good, good, good]), others)).toBe(false);
    expect(assessRestored(looks([good, good, good]), others)).toEqual({ kind: 'healthy' });
  });

  it.each<[string, Partial<RepeatedChecks>, object]>([
    ['that have passed', { passed: 2 }, { kind: 'healthy', note: 'the checks that had failed: 2 passed' }],
    [
      'of which some are not known',
      {
        passed: 1,
        unseen: [
          { cause: 'command', checks: 2 },
          { cause: 'no-result', checks: 1 },
        ],
      },
      {
        kind: 'healthy',
        note: 'the checks that had failed: 1 passed, 2 of command suites not run again, 1 without a result',
      },
    ],
    ['that are lost', {}, { kind: 'healthy', note: 'the checks that had failed: not known which' }],
    [
      'of which one fails again',
      { passed: 5, failed: [{ suite: 'checkout', id: 'pay' }] },
      { kind: 'failed', failure: 'regression', detail: 'check checkout/pay fails on web-1 too' },
    ],
    [
      'of which many fail again',
      {
        failed: ['pay', 'ship', 'return', 'cancel', 'refund'].map((id) => ({
          suite: 'checkout',
          id,
          detail: `HTTP 500 of ${id}`,
        })),
      },
      {
        kind: 'failed',
        detail:
          'checks checkout/pay, checkout/ship, checkout/return and 2 more fail on web-1 too (HTTP 500 of pay)',
      },
    ],
  ])('goes by the checks %s', (_which, checks, expected) => {
    expect(assessRestored(looks([good, good, good], checks), policy)).toMatchObject(expected);
  });

  it('says both where users were too few to tell', () => {
    const requests = { ...policy.requests, use: 'when-enough', windowMs: 0, lagMs: 0 } as const;
    const facts = looks([good, good, good], { passed: 1 });
    const [from, to] = [facts[0]?.at ?? new Date(0), facts[1]?.at ?? new Date(0)];
    const read = facts.map((fact, n) =>
      n === 1
        ? { ...fact, requests: { kind: 'counted' as const, from, to, requests: 3, serverErrors: 0 } }
        : fact,
    );
    expect(assessRestored(read, { ...policy, requests })).toMatchObject({
      note: expect.stringMatching(/^judged by probes alone: 3 .*; the checks that had failed: 1 passed$/),
    });
  });
});
