import type { ServiceConfig } from '../../contracts/config.ts';
import type { PlanHeadRecord, PlannedShardRecord, RunRecord } from '../../contracts/records.ts';
import type { Suite } from '../../contracts/suites/suite.ts';
import type { RunId } from '../../domain/ids.ts';
import { isCalm } from '../../domain/suites/burst.ts';
import type { CheckResult } from '../../domain/suites/check-result.ts';
import { allowedOf } from '../../domain/suites/gates.ts';
import type { Ports } from '../../ports/ports.ts';
import { type Claim, Claims } from './claim-shard.ts';
import { evaluateShards } from './evaluate-shards.ts';
import { checkBudgetMs, runShard, type ShardOutcome, shardBudgetMs, suiteOf } from './run-shard.ts';
import { areUnmoved, awaitTargets, type ShardTargets } from './shard-targets.ts';
import { storeShard } from './store-shard.ts';
import type { WorkFloor } from './work-floor.ts';

/** A shard that no worker could finish in time so often is stored with what there is. */
const maxAttempts = 2;
/** How often a worker executes a shard whose answers may have been another revision's. */
const maxTries = 2;

export interface Work {
  readonly runId: RunId;
  readonly slot: number;
  readonly run: RunRecord;
  readonly config: ServiceConfig;
  readonly head: PlanHeadRecord;
  readonly shards: readonly PlannedShardRecord[];
  readonly floor: WorkFloor;
}

/** A shard that this worker holds. */
interface Held {
  readonly claim: Claim;
  readonly shard: PlannedShardRecord;
  readonly suite: Suite;
  /** Aborts when it is another worker's to take. */
  readonly lease: AbortSignal;
  /** How often this worker has executed it, this time included. */
  readonly tries: number;
}

interface Executed {
  readonly held: Held;
  readonly startedAt: Date;
  readonly targets: ShardTargets;
  readonly outcome: ShardOutcome;
}

/**
 * A slot's worker: claims shard after shard, executes it and stores what came of it. While the checks of one run, the
 * shard before is stored, and with the last check the next is claimed: between two shards nothing is waited for.
 */
export class ShardWorker {
  readonly #work: Work;
  readonly #ports: Ports;
  readonly #claims: Claims;
  /** Of this slot, oldest first. */
  readonly #recent: CheckResult[] = [];
  /** Executed, and to be executed once more. */
  readonly #again: Held[] = [];
  /** Claimed while the shard before was under way. */
  #ahead: Promise<Claim | undefined> | undefined;
  /** The end of what was executed last: whether health was told of a burst. */
  #settling: Promise<boolean> = Promise.resolve(false);
  #hasFailed = false;
  #endMs = 0;

  constructor(work: Work, ports: Ports) {
    this.#work = work;
    this.#ports = ports;
    this.#claims = new Claims(work.runId, work.slot, work.head.shards, work.floor, ports);
  }

  /**
   * Works until nothing is left.
   * @param turnMs after how long it claims no further shard
   * @returns `late`: its time is over, and there may be more to do
   */
  async work(turnMs: number): Promise<'done' | 'late'> {
    this.#endMs = this.#ports.clock.monotonicMs() + turnMs;
    try {
      return await this.#workOn();
    } finally {
      // An error of one leaves none of the others behind: nothing goes on once the message is answered.
      await Promise.allSettled([this.#ahead, this.#settling]);
    }
  }

  async #workOn(): Promise<'done' | 'late'> {
    const { floor, runId, head } = this.#work;
    while (!floor.over.aborted) {
      const held = await this.#take();
      if (!held) {
        await this.#settling;
        if (this.#again.length > 0) continue;
        if (this.#isLate()) return 'late';
        // Whoever stored the last shard may have died before it could ask.
        if (!floor.over.aborted) await evaluateShards(runId, head.shards, floor, this.#ports);
        return 'done';
      }
      const executed = await this.#execute(held);
      if (!executed) continue;
      await this.#settleNext(executed);
      if (executed.outcome.burst === undefined || !(await this.#settling)) continue;
      // What fails all alike is for health to judge. Who is woken after that comes with a new message.
      if (this.#again.length === 0 && !this.#ahead) return 'done';
    }
    await this.#settling;
    return 'done';
  }

  #isLate(): boolean {
    return this.#ports.clock.monotonicMs() >= this.#endMs;
  }

  /** The shard to work on next. @returns undefined: there is none for this worker, or no time for one */
  async #take(): Promise<Held | undefined> {
    const again = this.#again.shift();
    if (again) {
      // What others, or another revision, answered meanwhile is no burst of this one.
      this.#recent.length = 0;
      return again;
    }
    const ahead = await this.#ahead;
    this.#ahead = undefined;
    const claim = ahead ?? (this.#isLate() ? undefined : await this.#claims.next((i) => this.#leaseMs(i)));
    const shard = claim && this.#work.shards[claim.i];
    if (!shard) return undefined;
    const suite = suiteOf(this.#work.config, shard);
    return { claim, shard, suite, lease: this.#work.floor.openLease(claim.leaseUntil), tries: 1 };
  }

  #leaseMs(i: number): number {
    const { shards, config } = this.#work;
    const shard = shards[i];
    return shard ? 2 * shardBudgetMs(shard, suiteOf(config, shard)) : 0;
  }

  /** @param suite of the check that is waited for */
  #claimAhead(suite: Suite): void {
    const { floor, head, config } = this.#work;
    if (this.#ahead || this.#again.length > 0 || this.#hasFailed || floor.over.aborted) return;
    // Who may meet a burst holds nothing that others could do.
    if (this.#isLate() || !isCalm(this.#recent)) return;
    // The last shards are for whoever is free first.
    const end = head.shards - config.tests.workers;
    this.#ahead = this.#noted(this.#claims.nextFree(end, (i) => this.#leaseMs(i) + checkBudgetMs(suite)));
  }

  /** @returns undefined: it was given up, and the run is over */
  async #execute(held: Held): Promise<Executed | undefined> {
    const { floor, head, config } = this.#work;
    const { claim, shard, suite, lease } = held;
    const startedAt = this.#ports.clock.now();
    const signal = AbortSignal.any([floor.over, lease]);
    const targets = await awaitTargets(this.#work, signal, this.#ports.clock);
    const [candidate, stable] = [targets.candidate.target, targets.stable.target];
    // Its traffic was taken, by a rollback of this very stage or by somebody else.
    if (!candidate && (await floor.isOverNow())) return undefined;
    const work = { shard: claim.i, claim: claim.attempt };
    const allowed = allowedOf(head.counted, config.tests.gates)[suite.priority];
    const onLast = () => this.#claimAhead(suite);
    const outcome = await runShard(
      shard,
      { suite, work, candidate, stable, signal, allowed, onLast },
      this.#recent,
      this.#ports,
    );
    return { held, startedAt, targets, outcome };
  }

  /** Has it stored while the next shard is under way. @throws what went wrong with the one before */
  async #settleNext(executed: Executed): Promise<void> {
    const before = this.#settling;
    await Promise.allSettled([before]);
    this.#settling = this.#noted(this.#settle(executed));
    await before;
  }

  /**
   * Stores what came of a shard, and has the stage decided where that may change it.
   * @returns whether health was told of a burst
   */
  async #settle({ held, startedAt, targets, outcome }: Executed): Promise<boolean> {
    const { runId, slot, config, head, floor } = this.#work;
    const { claim, shard, lease, tries } = held;
    const moved = !(await areUnmoved(this.#work, targets, this.#ports.clock));
    if (moved) this.#recent.length = 0;
    // Whoever holds the shard now stores its results; what nobody can finish in time is stored as it is.
    if (lease.aborted && claim.attempt < maxAttempts) return false;
    if (moved && tries < maxTries && !lease.aborted && !floor.over.aborted) {
      this.#again.push({ ...held, tries: tries + 1 });
      return false;
    }
    const believed = moved ? nothingRan : outcome;
    const w = await storeShard(
      { runId, slot, i: claim.i, shard, config, head, startedAt },
      believed,
      this.#ports,
    );
    this.#ports.log.info({ runId, shard: claim.i, slot, attempt: claim.attempt }, 'shard settled');
    // It is decided: what was stored since is for the record.
    if (floor.over.aborted) return false;
    // While all is well and shards are left, there is nothing to decide: who takes the last ones will ask.
    if (w > 0 || floor.isExhausted(head.shards)) await evaluateShards(runId, head.shards, floor, this.#ports);
    if (believed.burst === undefined) return false;
    await this.#ports.bus.publish('check-health', { runId, burst: true });
    return true;
  }

  /** For what is awaited later: an error until then ends no process, and nothing more is claimed. */
  #noted<T>(promise: Promise<T>): Promise<T> {
    promise.catch(() => {
      this.#hasFailed = true;
    });
    return promise;
  }
}

const nothingRan: ShardOutcome = { attempts: new Map(), burst: undefined };
