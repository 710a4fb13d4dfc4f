import { describe, expect, it } from '@jest/globals';
import { assessHealth, type HealthAssessment } from '../../../shared/domain/health/assess-health.ts';
import { assessSoak, type SoakPolicy } from '../../../shared/domain/health/assess-soak.ts';
import type { HealthFact } from '../../../shared/domain/health/health-fact.ts';
import type { ProbeOutcome } from '../../../shared/domain/health/probe-outcome.ts';
import { aFact } from '../../builders.ts';
import { Dice } from '../../simulation/kernel/dice.ts';

const runs = 1_500;
const startMs = aFact(0).at.getTime();
const good: ProbeOutcome = { kind: 'good', status: 200, latencyMs: 20 };
const policy: SoakPolicy = {
  forMs: 300_000,
  maxGapMs: 60_000,
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
};

interface Outage {
  readonly fromMs: number;
  readonly lastsMs: number;
  readonly fault: 'server-error' | 'refused' | 'timeout';
}

/** Candidate and stable need the same dependency: both answer alike, by the time at which they are asked. */
function ask({ fromMs, lastsMs, fault }: Outage, nowMs: number): { outcome: ProbeOutcome; tookMs: number } {
  if (nowMs < fromMs || nowMs >= fromMs + lastsMs) return { outcome: good, tookMs: 20 };
  const tookMs = fault === 'timeout' ? 5_000 : 20;
  return { outcome: { kind: 'bad', fault, latencyMs: tookMs, detail: fault }, tookMs };
}

/** Looks as the guard does: stable is asked once the candidate has answered badly, and the next look comes sooner. */
function play(
  outage: Outage,
  usualMs: number,
  assess: (facts: readonly HealthFact[]) => HealthAssessment,
): HealthAssessment {
  const facts: HealthFact[] = [];
  for (let nowMs = 0; ; nowMs += facts.at(-1)?.candidate?.kind === 'bad' ? 2_000 : usualMs) {
    const candidate = ask(outage, nowMs);
    nowMs += candidate.tookMs;
    const stable = candidate.outcome.kind === 'bad' ? ask(outage, nowMs) : undefined;
    nowMs += stable?.tookMs ?? 0;
    const at = new Date(startMs + nowMs);
    facts.push(aFact(facts.length, { at, candidate: candidate.outcome, stable: stable?.outcome }));
    const assessment = assess(facts);
    if (assessment.kind !== 'probing') return assessment;
  }
}

function outages(latestMs: number): Outage[] {
  const dice = Dice.of(latestMs);
  return Array.from({ length: runs }, () => ({
    fromMs: dice.between(-60_000, latestMs),
    lastsMs: dice.between(3_000, 90_000),
    fault: dice.pick(['server-error', 'refused', 'timeout']),
  }));
}

function isBlamed(assessment: HealthAssessment): boolean {
  return assessment.kind === 'failed' && assessment.comparison.kind === 'stable-good';
}

describe('an outage of 3 to 90 s of what both revisions need', () => {
  it.each<[string, Outage[], number, (facts: readonly HealthFact[]) => HealthAssessment]>([
    [
      'before a deploy is found healthy',
      outages(6_000),
      2_000,
      (facts) => assessHealth(facts, policy.health),
    ],
    ['in a watch', outages(policy.forMs), 10_000, (facts) => assessSoak(facts, policy)],
  ])('is never the fault of the candidate: %s', (_when, all, usualMs, assess) => {
    const settled = all.map((outage) => ({ outage, assessment: play(outage, usualMs, assess) }));
    expect(settled.filter(({ assessment }) => isBlamed(assessment))).toEqual([]);
    // The outages were there to see: some were long enough to be told as what they are.
    expect(settled.some(({ assessment }) => assessment.kind === 'failed')).toBe(true);
  });
});
