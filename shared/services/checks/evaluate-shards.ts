import { lostWeight } from '../../domain/checks/gates.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Ports } from '../../ports/ports.ts';
import type { RunSession } from './run-session.ts';

/**
 * Has stage `tests` decided when all shards are in, or when a gate may be lost. Call it after every shard that is
 * stored, by whomever: only what is read after a write can be trusted to hold it.
 */
export async function evaluateShards(
  runId: RunId,
  shards: number,
  floor: RunSession,
  { bus }: Pick<Ports, 'bus'>,
): Promise<void> {
  const { count, sum } = await floor.readTotals();
  const complete = count >= shards;
  // Who asked before has found the same, or more.
  if (complete && floor.askedAbout === Number.POSITIVE_INFINITY) return;
  // Weights of several gates add up: where none is lost yet, it is looked at again when there is more.
  if (!complete && (sum < lostWeight || sum <= floor.askedAbout)) return;
  floor.askedAbout = complete ? Number.POSITIVE_INFINITY : sum;
  try {
    await bus.publish('decide-stage', { runId, stage: 'tests' });
  } catch (error) {
    floor.askedAbout = -1;
    throw error;
  }
}
