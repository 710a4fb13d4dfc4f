import type { SeededRandom } from '../seeded-random.ts';

/** Who answers for a service's own host, by percent, and for each tag's host. */
export interface TrafficTable<T> {
  readonly weights: readonly { readonly target: T; readonly percent: number }[];
  readonly tags: ReadonlyMap<string, T>;
}

/** How a change reaches the front ends, in milliseconds from now. */
export interface Propagation {
  readonly propagationMs: number;
  /** Until a tag that did not exist before is known. */
  readonly tagLagMs: number;
}

interface Routes<T> {
  readonly current: TrafficTable<T>;
  readonly previous: TrafficTable<T>;
  readonly changedAtMs: number;
  readonly propagation: Propagation;
}

const nothing = { weights: [], tags: new Map() };

/** Chooses who answers a request, by its host and by chance. */
export class Router<T> {
  readonly #routes = new Map<string, Routes<T>>();
  readonly #random: SeededRandom;
  readonly #nowMs: () => number;

  constructor(random: SeededRandom, nowMs: () => number = () => performance.now()) {
    this.#random = random;
    this.#nowMs = nowMs;
  }

  /** @param service the host label of the service */
  publish(service: string, table: TrafficTable<T>, propagation: Propagation): void {
    const previous = this.#routes.get(service)?.current ?? nothing;
    this.#routes.set(service, { current: table, previous, changedAtMs: this.#nowMs(), propagation });
  }

  remove(service: string): void {
    this.#routes.delete(service);
  }

  knows(service: string): boolean {
    return this.#routes.has(service);
  }

  /** @returns undefined when the platform knows nobody who would answer (or not yet) */
  route(service: string, tag: string | undefined): T | undefined {
    const routes = this.#routes.get(service);
    if (routes === undefined) return undefined;
    const ageMs = this.#nowMs() - routes.changedAtMs;
    if (tag !== undefined && !routes.previous.tags.has(tag) && ageMs < routes.propagation.tagLagMs)
      return undefined;
    // Each front end learns of the change at its own moment: ever more of them answer by the new table.
    const knows =
      ageMs >= routes.propagation.propagationMs ||
      this.#random.fraction() * routes.propagation.propagationMs < ageMs;
    const table = knows ? routes.current : routes.previous;
    return tag === undefined ? this.#draw(table) : table.tags.get(tag);
  }

  #draw(table: TrafficTable<T>): T | undefined {
    let left = this.#random.fraction() * 100;
    for (const { target, percent } of table.weights) {
      left -= percent;
      if (left < 0) return target;
    }
    return undefined;
  }
}
