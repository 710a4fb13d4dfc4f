import {
  type Position,
  type ProblemKind,
  problemSeverities,
  type ResultsProblem,
} from './results-problem.ts';

/** Collects the problems of one report: the first of each kind and their number, so that the list stays short. */
export class ProblemList {
  readonly #found = new Map<ProblemKind, { readonly first: Omit<ResultsProblem, 'count'>; count: number }>();

  /** @param locate called only for the first of a kind, since finding a line takes time */
  add(kind: ProblemKind, message: string, locate?: () => Position, count = 1): void {
    const known = this.#found.get(kind);
    if (known) known.count += count;
    else {
      const first = { kind, severity: problemSeverities[kind], message, ...locate?.() };
      this.#found.set(kind, { first, count });
    }
  }

  has(kind: ProblemKind): boolean {
    return this.#found.has(kind);
  }

  /** In the order of their positions; those without one at the end. */
  list(): readonly ResultsProblem[] {
    return [...this.#found.values()].map(({ first, count }) => ({ ...first, count })).sort(byPlace);
  }
}

function byPlace(a: ResultsProblem, b: ResultsProblem): number {
  const { line = Number.MAX_SAFE_INTEGER, column = 0 } = a;
  return line - (b.line ?? Number.MAX_SAFE_INTEGER) || column - (b.column ?? 0) || (a.kind < b.kind ? -1 : 1);
}
