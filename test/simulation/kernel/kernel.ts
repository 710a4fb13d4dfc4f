import type { Actor, Step } from './actor.ts';
import type { Dice } from './dice.ts';
import type { Scheduler } from './scheduler.ts';
import { Timers } from './timers.ts';

const startMs = Date.parse('2026-03-02T09:00:00Z');
/** Far more than any schedule needs: beyond it something turns in circles. */
const maxSteps = 300_000;

/** Virtual time and the one thread of a schedule: one step at a time, chosen by the scheduler. */
export class Kernel {
  readonly #scheduler: Scheduler;
  readonly #dice: Dice;
  readonly #ready: Step[] = [];
  readonly #timers = new Timers();
  #actors = 0;
  nowMs = startMs;
  steps = 0;
  /** Told of each step before it is taken. */
  onStep: (step: Step) => void = () => undefined;

  constructor(scheduler: Scheduler, dice: Dice) {
    this.#scheduler = scheduler;
    this.#dice = dice;
  }

  actor(name: string): Actor {
    const actor = { id: ++this.#actors, name, priority: 0, dead: false };
    this.#scheduler.admit(actor);
    return actor;
  }

  /** The actor is ready to take this step now. */
  ready(step: Step): void {
    this.#ready.push(step);
  }

  /** Something outside happens by itself then. */
  at(atMs: number, fire: () => void): void {
    this.#timers.add(Math.max(atMs, this.nowMs), fire);
  }

  after(ms: number, fire: () => void): void {
    this.at(this.nowMs + ms, fire);
  }

  /**
   * Until nothing is left to be done.
   * @throws {Error} that takes too many steps; or what a step threw
   */
  run(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // A tick asked for by a microtask comes when no microtask is left: then every actor is parked again.
    const afterPromises = () => process.nextTick(turn);
    const turn = () => {
      try {
        if (this.#advance()) queueMicrotask(afterPromises);
        else resolve();
      } catch (error) {
        reject(error);
      }
    };
    process.nextTick(turn);
    return promise;
  }

  /** @returns false: nothing is left */
  #advance(): boolean {
    const due = this.#timers.nextMs;
    if (this.#ready.length === 0) {
      if (due === undefined) return false;
      this.#pass();
      return true;
    }
    if (due !== undefined && due <= this.nowMs) {
      this.#pass();
      return true;
    }
    const index = this.#scheduler.choose(this.#ready, due !== undefined);
    if (index < 0) {
      this.#pass();
      return true;
    }
    const step = this.#ready[index];
    const last = this.#ready.pop();
    if (step !== last && last) this.#ready[index] = last;
    if (!step || step.actor.dead) return true;
    if (++this.steps > maxSteps) throw new Error(`not at rest after ${maxSteps} steps`);
    this.nowMs += this.#dice.below(10);
    this.onStep(step);
    step.run();
    return true;
  }

  #pass(): void {
    const timer = this.#timers.take();
    if (!timer) return;
    this.nowMs = Math.max(this.nowMs, timer.atMs);
    timer.fire();
  }
}
