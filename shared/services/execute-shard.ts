import type { ServiceConfig } from '../contracts/config.ts';
import { documentIn } from '../contracts/document.ts';
import type { ExecuteShard } from '../contracts/messages.ts';
import {
  type PlanHeadRecord,
  type PlannedShardRecord,
  type RunRecord,
  runs,
  slotsOf,
} from '../contracts/records.ts';
import { WriteConflictError } from '../domain/errors.ts';
import type { RunId } from '../domain/ids.ts';
import type { CheckResult } from '../domain/suites/check-result.ts';
import { allowedOf } from '../domain/suites/gates.ts';
import type { Ports } from '../ports/ports.ts';
import { create, update } from '../ports/store.ts';
import { loadServiceConfig } from './load-config.ts';
import { recordRejection } from './record-rejection.ts';
import { type Claim, Claims } from './tests/claim-shard.ts';
import { evaluateShards } from './tests/evaluate-shards.ts';
import { runShard, type ShardOutcome, shardBudgetMs, suiteOf } from './tests/run-shard.ts';
import { areUnmoved, awaitTargets } from './tests/shard-targets.ts';
import { storeShard } from './tests/store-shard.ts';
import { onWorkFloor, type WorkFloor } from './tests/work-floor.ts';

/** How long a slot works on one message: well under a push subscription's 600 s. */
const turnMs = 240_000;
/** A shard that no worker could finish in time so often is stored with what there is. */
const maxAttempts = 2;
/** How often a worker executes a shard whose answers may have been another revision's. */
const maxTries = 2;

/** One slot's worker: claims shard after shard, executes it and stores what came of it, until nothing is left. */
export async function executeShard({ runId, slot, turn }: ExecuteShard, ports: Ports): Promise<void> {
  const { store, bus, clock } = ports;
  const stored = await store.get(documentIn(runs, runId));
  if (!stored) {
    const reason = { code: 'unknown-run', text: 'there is no such run' };
    return recordRejection('execute-shard', runId, reason, ports);
  }
  const run = stored.data;
  if (run.state === 'closed' || run.stage !== 'tests') return;
  const slotTurn = (await store.get(documentIn(slotsOf(runId), String(slot))))?.data.turn ?? 0;
  // Its successor was stored, and the message for it may have been lost.
  if (slotTurn > turn) return bus.publish('execute-shard', { runId, slot, turn: slotTurn });
  const config = await loadServiceConfig(store, run.configDigest, run.name);
  const ended = await onWorkFloor(runId, run, ports, async (floor) => {
    const plan = floor.over.aborted ? undefined : await floor.plan();
    if (!plan) {
      if (!floor.over.aborted) await bus.publish('dispatch-shards', { runId });
      return true;
    }
    const worker = new ShardWorker({ runId, slot, run, config, floor, ...plan }, ports);
    const startedMs = clock.monotonicMs();
    while (clock.monotonicMs() - startedMs < turnMs) if ((await worker.workOnce()) === 'done') return true;
    return false;
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

interface Work {
  readonly runId: RunId;
  readonly slot: number;
  readonly run: RunRecord;
  readonly config: ServiceConfig;
  readonly head: PlanHeadRecord;
  readonly shards: readonly PlannedShardRecord[];
  readonly floor: WorkFloor;
}

class ShardWorker {
  readonly #work: Work;
  readonly #ports: Ports;
  readonly #claims: Claims;
  /** Of this slot, oldest first. */
  readonly #recent: CheckResult[] = [];

  constructor(work: Work, ports: Ports) {
    this.#work = work;
    this.#ports = ports;
    this.#claims = new Claims(work.runId, work.slot, work.head.shards, work.floor, ports);
  }

  /** Works on one more shard. @returns `done`: there is none for this worker */
  async workOnce(): Promise<'worked' | 'done'> {
    const { runId, head, shards, config, floor } = this.#work;
    if (floor.over.aborted) return 'done';
    const claim = await this.#claims.next((i) => {
      const planned = shards[i];
      return planned ? 2 * shardBudgetMs(planned, suiteOf(config, planned)) : 0;
    });
    const shard = claim && shards[claim.i];
    const done = claim && shard ? await this.#execute(claim, shard) : undefined;
    const { burst, w } = done ?? { burst: undefined, w: 0 };
    // It is decided: what was stored since is for the record.
    if (floor.over.aborted) return 'done';
    // While all is well and shards are left, there is nothing to decide: who takes the last ones will ask. Without a
    // shard it asks too: whoever stored the last one may have died before.
    if (!done || w > 0 || floor.isExhausted(head.shards))
      await evaluateShards(runId, head.shards, floor, this.#ports);
    if (burst !== undefined) await this.#ports.bus.publish('check-health', { runId, burst: true });
    return claim && burst === undefined ? 'worked' : 'done';
  }

  /** @returns undefined: it was given up, and another worker has it or will */
  async #execute(
    claim: Claim,
    shard: PlannedShardRecord,
  ): Promise<{ readonly w: number; readonly burst: string | undefined } | undefined> {
    const { runId, slot, config, head, floor } = this.#work;
    const startedAt = this.#ports.clock.now();
    const suite = suiteOf(config, shard);
    const lease = floor.openLease(claim.leaseUntil);
    const signal = AbortSignal.any([floor.over, lease.signal]);
    const work = { shard: claim.i, claim: claim.attempt };
    const allowed = allowedOf(head.counted, config.tests.gates)[suite.priority];
    let outcome: ShardOutcome = nothingRan;
    for (let tries = 1, moved = true; moved && tries <= maxTries && !signal.aborted; tries++) {
      const targets = await awaitTargets(this.#work, signal, this.#ports.clock);
      const [candidate, stable] = [targets.candidate.target, targets.stable.target];
      // Its traffic was taken, by a rollback of this very stage or by somebody else.
      if (!candidate && (await floor.isOverNow())) return undefined;
      outcome = await runShard(
        shard,
        { suite, work, candidate, stable, signal, allowed },
        this.#recent,
        this.#ports,
      );
      moved = !(await areUnmoved(this.#work, targets, this.#ports.clock));
      if (moved) outcome = nothingRan;
    }
    lease.close();
    // Whoever holds the shard now stores its results; what nobody can finish in time is stored as it is.
    if (lease.signal.aborted && claim.attempt < maxAttempts) return undefined;
    const w = await storeShard(
      { runId, slot, i: claim.i, shard, config, head, startedAt },
      outcome,
      this.#ports,
    );
    this.#ports.log.info({ runId, shard: claim.i, slot, attempt: claim.attempt }, 'shard settled');
    return { w, burst: outcome.burst };
  }
}

const nothingRan: ShardOutcome = { attempts: new Map(), burst: undefined };
