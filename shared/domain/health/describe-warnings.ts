import { answersOf } from './answers-of.ts';
import type { HealthFact } from './health-fact.ts';

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
