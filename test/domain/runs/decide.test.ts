import { describe, expect, it } from '@jest/globals';
import type { HealthFact } from '../../../shared/domain/health/health-fact.ts';
import type { ProbeOutcome } from '../../../shared/domain/health/probe-outcome.ts';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import { decide } from '../../../shared/domain/runs/decide.ts';
import type { StageFacts, StagePolicy } from '../../../shared/domain/runs/stage-facts.ts';
import { aFact } from '../../builders.ts';

const policy: StagePolicy = {
  health: {
    successes: 3,
    failureThreshold: 3,
    startupBudgetMs: 240_000,
    startupGraceMs: 0,
    wrongForMs: 30_000,
    badSharePercent: 10,
  },
  requests: {
    use: 'when-enough',
    windowMs: 60_000,
    lagMs: 30_000,
    minimum: 20,
    maxErrorPercent: 5,
    windows: 2,
  },
  rollback: 'auto',
  mode: 'guard',
  steps: [
    { percent: 5, soakMs: 300_000 },
    { percent: 100, soakMs: 300_000 },
  ],
  watch: { forMs: 600_000, minimumMs: 60_000, maxGapMs: 60_000 },
};
const good: ProbeOutcome = { kind: 'good', status: 200, latencyMs: 20 };
const bad: ProbeOutcome = {
  kind: 'bad',
  fault: 'server-error',
  status: 503,
  latencyMs: 20,
  detail: 'HTTP 503',
};
const wrong: ProbeOutcome = {
  kind: 'bad',
  fault: 'wrong-body',
  status: 200,
  latencyMs: 20,
  detail: 'degraded',
};
const lost: ProbeOutcome = { kind: 'unknown', cause: 'unreachable', detail: 'no tag' };

function stage(changes: Partial<StageFacts> = {}): StageFacts {
  return {
    stage: 'health',
    startedAt: aFact(0).at,
    health: [],
    deadlinePassed: false,
    authority: 'full',
    share: changes.health?.at(-1)?.share ?? 0,
    ...changes,
  };
}

function three(candidate: ProbeOutcome, stable?: ProbeOutcome, share = 100): HealthFact[] {
  return [0, 1, 2].map((n) => aFact(n, { candidate, stable, share }));
}

describe('decide', () => {
  it.each<[string, Partial<StageFacts>, object | undefined]>([
    ['no facts', {}, undefined],
    ['no facts at the deadline', { deadlinePassed: true }, { verdict: 'inconclusive', action: 'none' }],
    ['healthy with traffic', { health: three(good) }, { verdict: 'pass', action: 'none', next: 'watch' }],
    ['healthy without traffic', { health: three(good, undefined, 0) }, { verdict: 'pass', action: 'none' }],
    [
      'healthy, told only to observe',
      { health: three(good), authority: 'observe' },
      { verdict: 'pass', action: 'none' },
    ],
    [
      'failing, stable good',
      { health: three(bad, good) },
      { verdict: 'fail', action: 'rollback', alert: true },
    ],
    [
      'failing, stable fails too',
      { health: three(bad, bad) },
      { verdict: 'inconclusive', action: 'none', alert: true },
    ],
    ['failing, nothing to compare', { health: three(bad) }, { verdict: 'fail', action: 'none', alert: true }],
    [
      'every answer refused, stable unreachable',
      { health: three(bad, lost) },
      { verdict: 'fail', action: 'rollback' },
    ],
    [
      'wrong body for the whole budget, stable unreachable',
      {
        health: [
          aFact(0, { candidate: wrong, stable: lost }),
          aFact(1, { candidate: wrong, stable: lost }),
          aFact(200, { candidate: wrong, stable: lost }),
        ],
      },
      { verdict: 'inconclusive', action: 'none', alert: true },
    ],
    [
      'failing, told only to record',
      { health: three(bad, good), authority: 'record' },
      { verdict: 'fail', action: 'none' },
    ],
    [
      'superseded while failing',
      { health: three(bad, good), supersededBy: 'web-3' as RevisionName },
      { verdict: 'superseded', action: 'none' },
    ],
    [
      'frozen while failing',
      { health: three(bad, good), frozen: 'unrestored' },
      { verdict: 'inconclusive', action: 'none' },
    ],
    [
      'never ready',
      { health: [aFact(0, { readiness: 'failed', share: 0 })] },
      { verdict: 'fail', action: 'none', alert: true },
    ],
  ])('%s', (_name, changes, expected) => {
    const decision = decide(stage(changes), policy);
    if (expected === undefined) expect(decision).toBeUndefined();
    else expect(decision).toMatchObject(expected);
  });

  it.each([
    ['freeze', true],
    ['notify', false],
  ] as const)('rollback.policy %s writes no traffic', (rollback, freezes) => {
    const decision = decide(stage({ health: three(bad, good) }), { ...policy, rollback });
    expect(decision).toMatchObject({ verdict: 'fail', action: 'none', alert: true });
    expect(decision?.freeze !== undefined).toBe(freezes);
  });

  it('never asks for a second write when the rollback did not help: it freezes and alerts', () => {
    const decision = decide(
      stage({
        stage: 'reverify',
        health: [aFact(0, { candidate: good }), ...three(bad).map((fact) => ({ ...fact, n: fact.n + 1 }))],
      }),
      policy,
    );
    expect(decision).toMatchObject({ verdict: 'fail', action: 'none', alert: true });
    expect(decision?.freeze).toContain('still failing');
  });

  it('gives every decision a reason', () => {
    for (const health of [three(good), three(bad), three(bad, good), three(bad, bad)]) {
      expect(decide(stage({ health }), policy)?.reasons.length).toBeGreaterThan(0);
    }
  });
});
