import { lostWeight } from '../../domain/checks/gates.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Ports } from '../../ports/ports.ts';
import type { RunSession } from './run-session.ts';

/**
 * Requests the decision on stage `tests` when all shards are stored, or when a gate may be lost. Call it after every
 * stored shard, whichever process stored it: only a read after a write is certain to see it.
 */
export async function evaluateShards(
  runId: RunId,
  shards: number,
  floor: RunSession,
  { bus }: Pick<Ports, 'bus'>,
): Promise<void> {
  const { count, sum } = await floor.readTotals();
  const complete = count >= shards;
  // An earlier caller has found the same, or more.
  if (complete && floor.askedAbout === Number.POSITIVE_INFINITY) return;
  // Weights of several gates add up: if no gate is lost yet, the next shard triggers another evaluation.
  if (!complete && (sum < lostWeight || sum <= floor.askedAbout)) return;
  floor.askedAbout = complete ? Number.POSITIVE_INFINITY : sum;
  try {
    await bus.publish('decide-stage', { runId, stage: 'tests' });
  } catch (error) {
    floor.askedAbout = -1;
    throw error;
  }
}
