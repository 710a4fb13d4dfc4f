import { documentIn } from '../contracts/document.ts';
import type { ExecuteShard } from '../contracts/messages.ts';
import { slotsOf } from '../contracts/records.ts';
import type { RunId } from '../domain/ids.ts';
import type { Ports } from '../ports/ports.ts';
import { create, update } from '../ports/store.ts';
import { tryCommit } from '../ports/try-commit.ts';
import { inRunSession } from './checks/run-session.ts';
import { ShardWorker } from './checks/shard-worker.ts';
import { loadServiceConfig } from './records/load-config.ts';
import { loadRun } from './records/load-run.ts';

/** The time limit of a slot's message: well under a push subscription's 600 s. */
const turnMs = 240_000;

/** One slot's worker: claims one shard after another, executes it and stores its results, until nothing is left. */
export async function executeShard({ runId, slot, turn }: ExecuteShard, ports: Ports): Promise<void> {
  const { store, bus } = ports;
  const run = (await loadRun('execute-shard', runId, ports))?.data;
  if (!run || run.state === 'closed' || run.stage !== 'tests') return;
  const slotTurn = (await store.get(documentIn(slotsOf(runId), String(slot))))?.data.turn ?? 0;
  // Its successor was stored, but the message for it may have been lost.
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

/** The slot continues with a message of its own; an older message finds that it is outdated. */
async function raiseTurn(runId: RunId, slot: number, turn: number, { store, bus }: Ports): Promise<void> {
  const ref = documentIn(slotsOf(runId), String(slot));
  const stored = await store.get(ref);
  // Woken twice, and one of the two continues: the process that raised the turn has sent its message, or is delivered
  // again.
  if ((stored?.data.turn ?? 0) > turn) return;
  const next = turn + 1;
  // The conflict may be with this worker's own first success: either way, the same turn is requested.
  await tryCommit(store, [stored ? update(ref, stored, { turn: next }) : create(ref, { turn: next })]);
  await bus.publish('execute-shard', { runId, slot, turn: next });
}
