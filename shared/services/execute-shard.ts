import { documentIn } from '../contracts/document.ts';
import type { ExecuteShard } from '../contracts/messages.ts';
import { runs, slotsOf } from '../contracts/records.ts';
import { WriteConflictError } from '../domain/errors.ts';
import type { RunId } from '../domain/ids.ts';
import type { Reason } from '../domain/verdict.ts';
import type { Ports } from '../ports/ports.ts';
import { create, update } from '../ports/store.ts';
import { inRunSession } from './checks/run-session.ts';
import { ShardWorker } from './checks/shard-worker.ts';
import { loadServiceConfig } from './records/load-config.ts';
import { recordRejection } from './records/record-rejection.ts';

/** How long a slot works on one message: well under a push subscription's 600 s. */
const turnMs = 240_000;

/** One slot's worker: claims shard after shard, executes it and stores what came of it, until nothing is left. */
export async function executeShard({ runId, slot, turn }: ExecuteShard, ports: Ports): Promise<void> {
  const { store, bus } = ports;
  const stored = await store.get(documentIn(runs, runId));
  if (!stored) {
    const reason: Reason = { code: 'unknown-run', text: 'no such run' };
    return recordRejection('execute-shard', runId, reason, ports);
  }
  const run = stored.data;
  if (run.state === 'closed' || run.stage !== 'tests') return;
  const slotTurn = (await store.get(documentIn(slotsOf(runId), String(slot))))?.data.turn ?? 0;
  // Its successor was stored, and the message for it may have been lost.
  if (slotTurn > turn) return bus.publish('execute-shard', { runId, slot, turn: slotTurn });
  const config = await loadServiceConfig(store, run.configDigest, run.name);
  const ended = await inRunSession(runId, run, ports, async (floor) => {
    const plan = floor.over.aborted ? undefined : await floor.plan();
    if (!plan) {
      if (!floor.over.aborted) await bus.publish('dispatch-shards', { runId });
      return true;
    }
    return (
      (await new ShardWorker({ runId, slot, run, config, floor, ...plan }, ports).work(turnMs)) === 'done'
    );
  });
  if (!ended) await raiseTurn(runId, slot, turn, ports);
}

/** The slot goes on with a message of its own; whoever comes with an older one finds out. */
async function raiseTurn(runId: RunId, slot: number, turn: number, { store, bus }: Ports): Promise<void> {
  const ref = documentIn(slotsOf(runId), String(slot));
  const stored = await store.get(ref);
  // Woken twice, and one of the two goes on: who raised the turn has sent its message, or is delivered again.
  if ((stored?.data.turn ?? 0) > turn) return;
  const next = turn + 1;
  try {
    await store.commit([stored ? update(ref, stored, { turn: next }) : create(ref, { turn: next })]);
  } catch (error) {
    // Perhaps this worker's own first success: whoever it was, the same turn is asked for.
    if (!(error instanceof WriteConflictError)) throw error;
  }
  await bus.publish('execute-shard', { runId, slot, turn: next });
}
