/** Finds a suite's checks by name: it has thousands of them, and few are run at a time. */
export class CheckIndex<C extends { readonly name: string }> {
  readonly #known = new WeakMap<readonly C[], ReadonlyMap<string, C>>();

  find(checks: readonly C[], name: string): C | undefined {
    const known = this.#known.get(checks) ?? new Map(checks.map((check) => [check.name, check]));
    this.#known.set(checks, known);
    return known.get(name);
  }
}
