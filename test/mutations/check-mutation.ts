import type { Mutation } from './mutation.ts';
import type { TestResult } from './test-result.ts';

export type MutationResult =
  | { readonly kind: 'killed'; readonly how: 'red' | 'timeout' }
  /** The tests did not notice. */
  | { readonly kind: 'survived' }
  /** Nothing can be said: the row does not fit the code, or its tests do not pass as it is. */
  | { readonly kind: 'invalid'; readonly why: string };

/** How the tests of a mutation end without it and with it. */
export interface Trial {
  testsBefore(mutation: Mutation): Promise<TestResult>;
  /** @throws {Error} the mutation does not fit its file */
  testsAfter(mutation: Mutation): Promise<TestResult>;
}

/** First wants to see the tests pass, then, with the line broken, to see them fail. */
export async function checkMutation(mutation: Mutation, trial: Trial): Promise<MutationResult> {
  try {
    const before = await trial.testsBefore(mutation);
    if (before.kind !== 'green') return invalid('its tests do not pass before the change', before);
    const after = await trial.testsAfter(mutation);
    if (after.kind === 'green') return { kind: 'survived' };
    if (after.kind === 'broken') return invalid('no test could run after the change', after);
    return { kind: 'killed', how: after.kind };
  } catch (error) {
    return { kind: 'invalid', why: error instanceof Error ? error.message : String(error) };
  }
}

function invalid(what: string, result: TestResult): MutationResult {
  return { kind: 'invalid', why: `${what}: ${result.kind === 'broken' ? result.output : result.kind}` };
}
