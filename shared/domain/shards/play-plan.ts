import { LeastLoaded } from './least-loaded.ts';
import type { ShardPlan } from './shard-plan.ts';

/** What one worker did. */
export interface WorkerShare {
  readonly shards: number;
  readonly tests: number;
  /** When it has done its last, starts included. */
  readonly ms: number;
}

export interface Played {
  readonly makespanMs: number;
  /** No plan could end sooner: all the work shared evenly, or the longest check, and one start. */
  readonly lowerBoundMs: number;
  readonly workers: readonly WorkerShare[];
}

/**
 * Plays a plan: each worker that is free takes the next shard.
 *
 * @param durationOf what a check really takes, in ms; undefined: it is not played
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
