import type { HealthFact } from './health-fact.ts';
import type { ProbeOutcome } from './probe-outcome.ts';

/** The looks at which the candidate answered for itself. */
export function answersOf(facts: readonly HealthFact[]): HealthFact[] {
  return facts.filter((fact) => fact.counts && fact.candidate !== undefined);
}

/** The latest answers that are all of a kind. */
export function trailing(
  answers: readonly HealthFact[],
  matches: (outcome: ProbeOutcome) => boolean,
): readonly HealthFact[] {
  const breaks = answers.findLastIndex((fact) => fact.candidate !== undefined && !matches(fact.candidate));
  return answers.slice(breaks + 1);
}
