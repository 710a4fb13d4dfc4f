import {
  type Position,
  type ProblemKind,
  problemSeverities,
  type ResultsProblem,
} from './results-problem.ts';

/** Gathers the problems of one report: the first of each kind and how many there were, so that it stays small. */
export class ProblemList {
  readonly #found = new Map<ProblemKind, { readonly first: Omit<ResultsProblem, 'count'>; count: number }>();

  /** @param locate asked only for the first of a kind: to find a line costs time */
  add(kind: ProblemKind, message: string, locate?: () => Position): void {
    const known = this.#found.get(kind);
    if (known) known.count += 1;
    else {
      const first = { kind, severity: problemSeverities[kind], message, ...locate?.() };
      this.#found.set(kind, { first, count: 1 });
    }
  }

  has(kind: ProblemKind): boolean {
    return this.#found.has(kind);
  }

  list(): readonly ResultsProblem[] {
    return [...this.#found.values()].map(({ first, count }) => ({ ...first, count }));
  }
}
