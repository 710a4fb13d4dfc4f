import { cutQueue, type QueueShape } from './cut-queue.ts';
import { LeastLoaded } from './least-loaded.ts';
import { packStatic } from './pack-static.ts';
import { rehearsePlans } from './rehearse-plans.ts';
import type { Atom, PlanMode, PlannableCheck, ShardPlan } from './shard-plan.ts';
import { toAtoms } from './to-atoms.ts';

export interface PlanRequest {
  readonly checks: readonly PlannableCheck[];
  /** At least 1. */
  readonly workers: number;
  /** The cost of each shard before its first check. */
  readonly startupMs: number;
  /** `auto`: whichever ends sooner when durations deviate from the expected ones. */
  readonly mode: PlanMode | 'auto';
}

/** A worker holds its shard under a lease: no shard is longer than this, unless a single check is. */
const longestShardMs = 60_000;
/** A shard of this many starts is worth its start, whatever `longestShardMs` says. */
const startsInLongest = 40;

/** A static plan must be this much sooner: it cannot be corrected when a check takes longer than expected. */
const clearlySooner = 0.95;

/**
 * Cuts checks into shards. The same request always gives the same plan; every check is in exactly one shard.
 */
export function planShards(request: PlanRequest): ShardPlan {
  const { checks, workers, startupMs, mode } = request;
  const atoms = toAtoms(checks);
  const totalMs = atoms.reduce((sum, { expectedMs }) => sum + expectedMs, 0);
  const marginMs = startupMs === 0 ? 0 : totalMs / Math.max(1, checks.length) / 2;
  if (mode === 'static') return toPlan('static', packStatic(atoms, workers));
  const queue = toPlan('queue', cutQueue(atoms, { workers, marginMs, ...shapeFor(startupMs) }));
  if (mode === 'queue' || startupMs === 0) return queue;
  // One more start would cost as much as all checks of a worker: a queue cannot gain anything.
  const isShort = startupMs * workers >= totalMs || queue.shards.length <= workers;
  if (!isShort && isNearBound(queue, atoms, request)) return queue;
  const fixed = toPlan('static', packStatic(withMargin(atoms, marginMs), workers), marginMs);
  if (isShort) return fixed;
  const [fixedMs = 0, queueMs = 0] = rehearsePlans([fixed, queue], checks, request);
  return fixedMs < clearlySooner * queueMs ? fixed : queue;
}

/** No other plan could be clearly sooner, if all checks take as long as expected. */
function isNearBound(
  { shards }: ShardPlan,
  atoms: readonly Atom[],
  { workers, startupMs }: PlanRequest,
): boolean {
  const loads = new LeastLoaded(workers);
  for (const { expectedMs } of shards) loads.give(startupMs + expectedMs);
  const longestMs = atoms.reduce((most, { expectedMs }) => Math.max(most, expectedMs), 0);
  const totalMs = atoms.reduce((sum, { expectedMs }) => sum + expectedMs, 0);
  return clearlySooner * loads.mostMs <= Math.max(totalMs / workers, longestMs) + startupMs;
}

/**
 * The size of shards. Without a start cost, small shards balance best. With one, a shard should be worth a few starts;
 * above some seconds fewer starts matter more than balance. Measured on real durations that were months old;
 * docs/measurements.md has the figures.
 */
function shapeFor(startupMs: number): Omit<QueueShape, 'workers' | 'marginMs'> {
  return {
    divisor: startupMs <= 4_000 ? 2 : 1,
    leastMs: Math.max(Math.min(4 * startupMs, 12_000), startupMs),
    mostMs: Math.max(longestShardMs, startsInLongest * startupMs),
  };
}

/** Many short checks are riskier than one long check: any of them may take longer than expected. */
function withMargin(atoms: readonly Atom[], marginMs: number): readonly Atom[] {
  return atoms.map((atom) => ({ ...atom, expectedMs: atom.expectedMs + marginMs * atom.ids.length }));
}

/** @param marginMs the time that was added to each check */
function toPlan(mode: PlanMode, shards: readonly (readonly Atom[])[], marginMs = 0): ShardPlan {
  return {
    mode,
    shards: shards.map((atoms) => ({
      ids: atoms.flatMap(({ ids }) => ids),
      expectedMs: atoms.reduce((sum, { expectedMs, ids }) => sum + expectedMs - marginMs * ids.length, 0),
    })),
  };
}
