import { LeastLoaded } from './least-loaded.ts';
import type { ShardPlan } from './shard-plan.ts';

/** The simulated work of one worker. */
export interface WorkerShare {
  readonly shards: number;
  readonly tests: number;
  /** When its last check ends, starts included. */
  readonly ms: number;
}

export interface Played {
  readonly makespanMs: number;
  /** No plan could end sooner: all the work shared evenly, or the longest check, plus one start. */
  readonly lowerBoundMs: number;
  readonly workers: readonly WorkerShare[];
}

/**
 * Simulates a plan: each free worker takes the next shard.
 *
 * @param durationOf the real duration of a check, in ms; undefined: it is not simulated
 */
export function playPlan(
  { shards }: ShardPlan,
  durationOf: (id: string) => number | undefined,
  { workers, startupMs }: { readonly workers: number; readonly startupMs: number },
): Played {
  const shares = Array.from({ length: workers }, () => ({ shards: 0, tests: 0, ms: 0 }));
  const loads = new LeastLoaded(workers);
  let [totalMs, longestMs] = [0, 0];
  for (const { ids } of shards) {
    const durations = ids.flatMap((id) => durationOf(id) ?? []);
    if (durations.length === 0) continue;
    const sumMs = durations.reduce((sum, ms) => sum + ms, 0);
    const first = shares[loads.give(startupMs + sumMs)];
    if (!first) continue;
    first.shards++;
    first.tests += durations.length;
    first.ms += startupMs + sumMs;
    totalMs += sumMs;
    longestMs = durations.reduce((a, b) => Math.max(a, b), longestMs);
  }
  return {
    makespanMs: loads.mostMs,
    lowerBoundMs: totalMs === 0 ? 0 : Math.max(totalMs / workers, longestMs) + startupMs,
    workers: shares,
  };
}
