import { describe, expect, it } from '@jest/globals';
import type { HealthFact } from '../../../shared/domain/health/health-fact.ts';
import type { ProbeOutcome } from '../../../shared/domain/health/probe-outcome.ts';
import { isBurstOpen } from '../../../shared/domain/runs/decide-tests.ts';
import type { StageFacts, StagePolicy } from '../../../shared/domain/runs/stage-facts.ts';
import { aFact } from '../../builders.ts';

const health = {
  successes: 2,
  failureThreshold: 2,
  startupBudgetMs: 60_000,
  startupGraceMs: 0,
  wrongForMs: 30_000,
  badSharePercent: 10,
};
const policy = { health } as StagePolicy;
const good: ProbeOutcome = { kind: 'good', status: 200, latencyMs: 20 };
const bad: ProbeOutcome = {
  kind: 'bad',
  fault: 'server-error',
  status: 503,
  latencyMs: 20,
  detail: 'HTTP 503',
};
const facts = (...candidates: readonly ProbeOutcome[]): HealthFact[] =>
  candidates.map((candidate, n) => aFact(n, { candidate }));

function stage(seen: readonly HealthFact[], burstAt?: Date, deadlinePassed = false): StageFacts {
  const tests = { plan: undefined, shardsIn: 1, checks: [], missing: { count: 0, first: [] }, burstAt };
  return { health: seen, tests, deadlinePassed } as unknown as StageFacts;
}

/** Between the facts `n - 1` and `n`. */
const justBefore = (n: number) => new Date(aFact(n).at.getTime() - 1);

describe('isBurstOpen', () => {
  it.each<[string, StageFacts, boolean]>([
    ['there was no burst', stage(facts(good)), false],
    ['nobody has looked yet', stage([], justBefore(0)), true],
    ['all that was seen came before the burst itself', stage(facts(good, good), justBefore(2)), true],
    ['looks since then have not settled it', stage(facts(good, good, bad), justBefore(2)), true],
    ['it was seen healthy since', stage(facts(good, good, good), justBefore(2)), false],
    ['it was seen to fail since', stage(facts(good, bad, bad), justBefore(1)), false],
    ['the time of the stage is up', stage([], justBefore(0), true), false],
  ])('when %s', (_what, given, open) => {
    expect(isBurstOpen(given, policy)).toBe(open);
  });
});
