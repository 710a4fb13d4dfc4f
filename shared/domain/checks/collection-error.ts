/**
 * What a check's detail, or a problem of a plan, begins with where the tests could not be loaded: no test was run, so
 * nothing is said about the service. `collection-error: ModuleNotFoundError in src/cart.py:2: No module named 'x'`
 */
export const collectionError = 'collection-error: ';

/** The line that says why tests could not be loaded; undefined: that was not the fault. */
export function collectionErrorOf(detail: string | undefined): string | undefined {
  const start = detail?.indexOf(collectionError) ?? -1;
  return start < 0 ? undefined : detail?.slice(start).split('\n', 1)[0];
}
