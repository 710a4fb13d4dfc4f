import type { Dice } from '../kernel/dice.ts';
import type { SimWorld } from '../sim-world.ts';

/** Moments that are worth disturbing: just before the nth call of a kind. */
const moments: readonly [readonly [kind: string, most: number], ...(readonly [string, number])[]] = [
  ['run.updateTraffic', 3],
  ['run.updateTraffic', 3],
  ['run.listRevisions', 4],
  ['prober.probe', 20],
  ['store.commit', 30],
];

/** When what happens in one schedule. */
export class Timeline {
  readonly dice: Dice;
  readonly startMs: number;
  /** When the last of it happens, by all that is known. */
  lastMs: number;
  readonly #world: SimWorld;

  constructor(dice: Dice, world: SimWorld) {
    this.dice = dice;
    this.#world = world;
    this.startMs = world.kernel.nowMs;
    this.lastMs = this.startMs;
  }

  at(atMs: number, event: () => void): void {
    this.lastMs = Math.max(this.lastMs, atMs);
    this.#world.kernel.at(atMs, event);
  }

  /** At some time, or just before some call. */
  sometime(event: () => void): void {
    if (this.dice.chance(0.4)) {
      this.at(this.startMs + this.dice.below(400_000), event);
      return;
    }
    const [kind, most] = this.dice.pick(moments);
    this.before(kind, this.dice.between(1, most), event);
  }

  maybe(probability: number, event: () => void): void {
    if (this.dice.chance(probability)) this.sometime(event);
  }

  /** Just before the nth call of a kind, if there are so many. */
  before(kind: string, nth: number, event: () => void): void {
    const { watched } = this.#world;
    watched.set(kind, [...(watched.get(kind) ?? []), (n) => (n === nth ? event() : undefined)]);
  }
}
