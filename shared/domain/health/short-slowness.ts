import type { HealthFact } from './health-fact.ts';
import { isSlow, type ProbeOutcome } from './probe-outcome.ts';

/** Slow answers and time-outs may be a revision that is just starting, or getting its traffic: they have to last. */
const softSpanMs = 30_000;

/** True: all that was seen of a revision is slowness, and not for long. @param who whose answers */
export function isShortSlowness(facts: readonly HealthFact[], who: 'candidate' | 'stable'): boolean {
  const startMs = facts[0]?.at.getTime() ?? 0;
  return facts.every((fact) => isEarlySlowness(fact[who], fact.at.getTime() - startMs));
}

/** @param sinceMs since the revision was first asked, or got its traffic */
export function isEarlySlowness(outcome: ProbeOutcome | undefined, sinceMs: number): boolean {
  return outcome?.kind === 'bad' && isSlow(outcome.fault) && sinceMs < softSpanMs;
}
