import type { HealthFact } from './health-fact.ts';
import { isSlow, type ProbeOutcome } from './probe-outcome.ts';

/**
 * A revision that is starting or receiving its traffic may be slow or time out: such faults must last before they
 * count.
 */
const softSpanMs = 30_000;

/** True: all observed faults of a revision are slowness, and not for long. @param who the revision */
export function isShortSlowness(facts: readonly HealthFact[], who: 'candidate' | 'stable'): boolean {
  const startMs = facts[0]?.at.getTime() ?? 0;
  return facts.every((fact) => isEarlySlowness(fact[who], fact.at.getTime() - startMs));
}

/** @param sinceMs since the revision was first asked, or got its traffic */
export function isEarlySlowness(outcome: ProbeOutcome | undefined, sinceMs: number): boolean {
  return outcome?.kind === 'bad' && isSlow(outcome.fault) && sinceMs < softSpanMs;
}
