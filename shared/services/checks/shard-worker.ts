import type { ServiceConfig } from '../../contracts/config.ts';
import type { PlanHeadRecord, PlannedShardRecord, RunRecord } from '../../contracts/records.ts';
import type { Suite } from '../../contracts/suites/suite.ts';
import { isCalm } from '../../domain/checks/burst.ts';
import type { CheckResult } from '../../domain/checks/check-result.ts';
import { allowedOf } from '../../domain/checks/gates.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Ports } from '../../ports/ports.ts';
import { type Claim, Claims } from './claim-shard.ts';
import { evaluateShards } from './evaluate-shards.ts';
import type { RunSession } from './run-session.ts';
import { checkBudgetMs, runShard, type ShardOutcome, shardBudgetMs, suiteOf } from './run-shard.ts';
import { areUnmoved, awaitTargets, type ShardTargets } from './shard-targets.ts';
import { storeShard } from './store-shard.ts';

/** A shard that workers failed to finish in time this often is stored with its results so far. */
const maxAttempts = 2;
/** How often a worker executes a shard whose responses may have come from another revision. */
const maxTries = 2;

export interface Work {
  readonly runId: RunId;
  readonly slot: number;
  readonly run: RunRecord;
  readonly config: ServiceConfig;
  readonly head: PlanHeadRecord;
  readonly shards: readonly PlannedShardRecord[];
  readonly floor: RunSession;
}

/** A shard that this worker has claimed. */
interface Held {
  readonly claim: Claim;
  readonly shard: PlannedShardRecord;
  readonly suite: Suite;
  /** Aborts when another worker may claim it. */
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
 * A slot's worker: claims one shard after another, executes it and stores its results. While the checks of one shard
 * run, the previous one is stored, and with the last check the next one is claimed: nothing is awaited between two
 * shards.
 */
export class ShardWorker {
  readonly #work: Work;
  readonly #ports: Ports;
  readonly #claims: Claims;
  /** The results of this slot, oldest first. */
  readonly #recent: CheckResult[] = [];
  /** An executed shard that must be executed once more. */
  readonly #again: Held[] = [];
  /** A shard that was claimed while the previous one was in progress. */
  #ahead: Promise<Claim | undefined> | undefined;
  /** Resolves when the last executed shard has been stored. */
  #settling: Promise<void> = Promise.resolve();
  /** The first background error. Nothing more is claimed; claimed shards are still finished. */
  #failure: { readonly error: unknown } | undefined;
  #hasToldOfBurst = false;
  #endMs = 0;

  constructor(work: Work, ports: Ports) {
    this.#work = work;
    this.#ports = ports;
    this.#claims = new Claims(work.runId, work.slot, work.head.shards, work.floor, ports);
  }

  /**
   * Works until nothing is left.
   * @param turnMs after this time it claims no further shard
   * @returns `late`: its turn is over, and work may remain
   */
  async work(turnMs: number): Promise<'done' | 'late'> {
    const { floor, runId, head } = this.#work;
    this.#endMs = this.#ports.clock.monotonicMs() + turnMs;
    try {
      await this.#workOn();
    } finally {
      // Nothing may go on after the message is acknowledged.
      await Promise.all([this.#ahead, this.#settling]);
    }
    if (this.#failure) throw this.#failure.error;
    if (floor.over.aborted || this.#hasToldOfBurst) return 'done';
    if (this.#isLate()) return 'late';
    // The worker that stored the last shard may have died before it could request the decision.
    await evaluateShards(runId, head.shards, floor, this.#ports);
    return 'done';
  }

  async #workOn(): Promise<void> {
    while (!this.#work.floor.over.aborted) {
      const held = await this.#take();
      if (!held) {
        await this.#settling;
        if (this.#again.length > 0) continue;
        return;
      }
      const executed = await this.#execute(held).catch(this.#note);
      await this.#settling;
      if (!executed) continue;
      this.#settling = this.#settle(executed).catch(this.#note);
      // Whether this revision itself caused the burst is known only at the end of the shard.
      if (executed.outcome.burst !== undefined) await this.#settling;
    }
  }

  /** Keeps the first error of background work until the end of the turn. */
  readonly #note = (error: unknown): undefined => {
    this.#failure ??= { error };
  };

  #isLate(): boolean {
    return this.#ports.clock.monotonicMs() >= this.#endMs;
  }

  /** Whether this worker may claim another shard besides its own. */
  #mayClaim(): boolean {
    // The health stage judges a burst; work after that starts with a new message.
    return !this.#isLate() && !this.#failure && !this.#hasToldOfBurst;
  }

  /** The next shard to execute. @returns undefined: there is none for this worker */
  async #take(): Promise<Held | undefined> {
    const again = this.#again.shift();
    if (again) {
      // Results from the time in between, or of another revision, are no burst of this one.
      this.#recent.length = 0;
      return again;
    }
    const ahead = await this.#ahead;
    this.#ahead = undefined;
    const claim = ahead ?? (this.#mayClaim() ? await this.#claims.next((i) => this.#leaseMs(i)) : undefined);
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

  /** @param suite the suite of the last check, which is in progress */
  #claimAhead(suite: Suite): void {
    const { floor, head, config } = this.#work;
    if (this.#ahead || this.#again.length > 0 || floor.over.aborted) return;
    // A worker that may be seeing a burst must not hold shards that others could execute.
    if (!this.#mayClaim() || !isCalm(this.#recent)) return;
    // The last shards are left for the first free worker.
    const end = head.shards - config.tests.workers;
    const leaseMs = (i: number) => this.#leaseMs(i) + checkBudgetMs(suite);
    this.#ahead = this.#claims.nextFree(end, leaseMs).catch(this.#note);
  }

  /** @returns undefined: it was cut short, and the run is over */
  async #execute(held: Held): Promise<Executed | undefined> {
    const { floor, head, config } = this.#work;
    const { claim, shard, suite, lease } = held;
    const startedAt = this.#ports.clock.now();
    const signal = AbortSignal.any([floor.over, lease]);
    const targets = await awaitTargets(this.#work, signal, this.#ports.clock);
    const [candidate, stable] = [targets.candidate.target, targets.stable.target];
    // Its traffic was moved, by a rollback of this very stage or by someone else.
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

  /** Stores the results of a shard, and requests the decision if they may change it. */
  async #settle({ held, startedAt, targets, outcome }: Executed): Promise<void> {
    const { runId, slot, config, head, floor } = this.#work;
    const { claim, shard, lease, tries } = held;
    const moved = !(await areUnmoved(this.#work, targets, this.#ports.clock));
    if (moved) this.#recent.length = 0;
    // The current holder of the shard stores its results; a shard that nobody can finish in time is stored as it is.
    if (lease.aborted && claim.attempt < maxAttempts) return;
    if (moved && tries < maxTries && !lease.aborted && !floor.over.aborted) {
      this.#again.push({ ...held, tries: tries + 1 });
      return;
    }
    const believed = moved ? nothingRan : outcome;
    const w = await storeShard(
      { runId, slot, i: claim.i, shard, config, head, startedAt },
      believed,
      this.#ports,
    );
    this.#ports.log.info({ runId, shard: claim.i, slot, attempt: claim.attempt }, 'shard settled');
    // The stage is decided: later results are only for the record.
    if (floor.over.aborted) return;
    // While all is well and shards are left, there is nothing to decide: the worker of the last shard will ask.
    if (w > 0 || floor.isExhausted(head.shards)) await evaluateShards(runId, head.shards, floor, this.#ports);
    if (believed.burst === undefined) return;
    await this.#ports.bus.publish('check-health', { runId, burst: true });
    this.#hasToldOfBurst = true;
  }
}

const nothingRan: ShardOutcome = { attempts: new Map(), burst: undefined };
