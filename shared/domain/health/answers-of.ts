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

/** `degraded at 2 of 3 looks: 412 ms, expected at most 300 ms`; undefined: nothing is to be told of the good answers. */
export function describeWarnings(facts: readonly HealthFact[]): string | undefined {
  const answers = answersOf(facts);
  const warnings = answers.flatMap(({ candidate }) =>
    candidate?.kind === 'good' ? (candidate.warning ?? []) : [],
  );
  const last = warnings.at(-1);
  if (last === undefined) return undefined;
  return `degraded at ${warnings.length} of ${answers.length} looks: ${last}`;
}
