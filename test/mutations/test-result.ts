/** How the tests of a row ended. */
export type TestResult =
  /** At least one test ran, and all that ran passed. */
  | { readonly kind: 'green' }
  /** At least one test failed. */
  | { readonly kind: 'red' }
  | { readonly kind: 'timeout' }
  /** No test ran, or a test file did not load: that says nothing of a promise. */
  | { readonly kind: 'broken'; readonly output: string };
