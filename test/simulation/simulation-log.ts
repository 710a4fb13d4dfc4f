/** Counts of what happened, and, where wanted, the story in full. */
export class SimulationLog {
  readonly lines: string[] = [];
  readonly counts = new Map<string, number>();
  readonly #now: () => number;
  readonly #startMs: number;
  /** False: only counts are kept, and nothing is formatted. */
  readonly tells: boolean;

  constructor(now: () => number, tells: boolean) {
    this.#now = now;
    this.#startMs = now();
    this.tells = tells;
  }

  /** @returns how often by now */
  count(what: string): number {
    const n = (this.counts.get(what) ?? 0) + 1;
    this.counts.set(what, n);
    return n;
  }

  tell(who: string, what: string): void {
    if (!this.tells) return;
    const seconds = ((this.#now() - this.#startMs) / 1000).toFixed(3).padStart(10);
    this.lines.push(`${seconds}  ${who.padEnd(24)} ${what}`);
  }
}
