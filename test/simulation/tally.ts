import type { DirectionName } from './directions/directions.ts';
import type { SchedulerName } from './kernel/scheduler.ts';
import { simulate } from './simulate.ts';

/** A schedule that broke a promise. */
export interface Counterexample {
  readonly direction: DirectionName;
  readonly seed: number;
  readonly scheduler: SchedulerName;
  readonly promises: readonly string[];
}

/** What a number of schedules came to. */
export interface Tally {
  schedules: number;
  steps: number;
  readonly counts: Map<string, number>;
  readonly counterexamples: Counterexample[];
}

export function emptyTally(): Tally {
  return { schedules: 0, steps: 0, counts: new Map(), counterexamples: [] };
}

/** Plays the schedule and adds it. */
export async function addSchedule(
  tally: Tally,
  direction: DirectionName,
  seed: number,
  scheduler: SchedulerName,
): Promise<void> {
  const { ok, steps, violations, counts } = await simulate(seed, scheduler, { direction });
  const promises = violations.map(({ promise, detail }) => `${promise}: ${detail}`);
  const counterexamples = ok ? [] : [{ direction, seed, scheduler, promises }];
  addTally(tally, { schedules: 1, steps, counts, counterexamples });
}

export function addTally(
  sum: Tally,
  part: Omit<Tally, 'counts'> & { readonly counts: ReadonlyMap<string, number> },
): void {
  sum.schedules += part.schedules;
  sum.steps += part.steps;
  for (const [what, n] of part.counts) sum.counts.set(what, (sum.counts.get(what) ?? 0) + n);
  sum.counterexamples.push(...part.counterexamples);
}
