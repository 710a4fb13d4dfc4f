import { cutQueue, type QueueShape } from './cut-queue.ts';
import { imagineDurations } from './imagine-durations.ts';
import { packStatic } from './pack-static.ts';
import { playPlan } from './play-plan.ts';
import type { Atom, PlanMode, PlannableCheck, ShardPlan } from './shard-plan.ts';
import { toAtoms } from './to-atoms.ts';

export interface PlanRequest {
  readonly checks: readonly PlannableCheck[];
  /** At least 1. */
  readonly workers: number;
  /** What each shard costs before its first check. */
  readonly startupMs: number;
  /** `auto`: whichever ends sooner when durations are not quite what is expected. */
  readonly mode: PlanMode | 'auto';
}

/** A worker holds its shard under a lease: none is longer than this, unless one check is. */
const longestShardMs = 60_000;
/** So many starts make a shard that is worth its start, whatever `longestShardMs` says. */
const startsInLongest = 40;

/** How often the two modes are tried on imagined durations. */
const trials = 6;
/** A fixed plan has to be this much sooner: nobody can put it right when something takes longer than imagined. */
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
  const fixed = toPlan('static', packStatic(withMargin(atoms, marginMs), workers), marginMs);
  // One more start would cost as much as all of a worker's checks: there is nothing to gain from a queue.
  const isShort = startupMs * workers >= totalMs || queue.shards.length <= workers;
  return isShort || isClearlySooner(fixed, queue, request) ? fixed : queue;
}

function isClearlySooner(a: ShardPlan, b: ShardPlan, { checks, workers, startupMs }: PlanRequest): boolean {
  let [sumA, sumB] = [0, 0];
  for (let seed = 1; seed <= trials; seed++) {
    const durations = imagineDurations(checks, seed);
    const play = (plan: ShardPlan) =>
      playPlan(plan, (id) => durations.get(id), { workers, startupMs }).makespanMs;
    sumA += play(a);
    sumB += play(b);
  }
  return sumA < clearlySooner * sumB;
}

/**
 * How large shards are. Without a start to pay for, small ones balance best. With one, a shard is worth a few starts;
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

/** Many short checks are riskier than one long: any of them may take longer than expected. */
function withMargin(atoms: readonly Atom[], marginMs: number): readonly Atom[] {
  return atoms.map((atom) => ({ ...atom, expectedMs: atom.expectedMs + marginMs * atom.ids.length }));
}

/** @param marginMs what was added to each check */
function toPlan(mode: PlanMode, shards: readonly (readonly Atom[])[], marginMs = 0): ShardPlan {
  return {
    mode,
    shards: shards.map((atoms) => ({
      ids: atoms.flatMap(({ ids }) => ids),
      expectedMs: atoms.reduce((sum, { expectedMs, ids }) => sum + expectedMs - marginMs * ids.length, 0),
    })),
  };
}
