/** One line of the product made wrong on purpose, and the tests that must notice. */
export interface Mutation {
  /** What the product promises, and would break. */
  readonly promise: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly original: string;
  readonly mutated: string;
  /** From the root of the repository. */
  readonly tests: readonly string[];
  /** A regular expression on the tests' full names, as for `jest -t`; empty: all of them. */
  readonly testName: string;
}

/** Thousands of schedules: they take minutes, where other tests take seconds. */
export function isSimulation({ tests }: Pick<Mutation, 'tests'>): boolean {
  return tests.some((file) => file.startsWith('test/simulation/'));
}
