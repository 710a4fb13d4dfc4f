import type { ServiceConfig } from '../../contracts/config.ts';
import { durationMs } from '../../contracts/duration.ts';
import type { PlanHeadRecord, PlannedShardRecord, RunRecord } from '../../contracts/records.ts';
import type { Suite } from '../../contracts/suites/suite.ts';
import { isCalm } from '../../domain/checks/burst.ts';
import type { CheckResult } from '../../domain/checks/check-result.ts';
import { allowedOf } from '../../domain/checks/gates.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Ports } from '../../ports/ports.ts';
import { type Claim, Claims } from './claim-shard.ts';
import { oneAtATime } from './coalesce.ts';
import { evaluateShards } from './evaluate-shards.ts';
import type { RunSession } from './run-session.ts';
import { type ShardOutcome, startShard, suiteOf, type WorkerHands } from './run-shard.ts';
import { checkBudgetMs, longestPausesMs, shardBudgetMs } from './shard-budget.ts';
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
  readonly outcome: Promise<ShardOutcome>;
  /** What so many checks failed with that the others are left out. */
  readonly burst: string | undefined;
}

/**
 * A slot's worker: claims shard after shard, executes it and stores what came of it. While the checks of one run, the
 * failures of those before are settled, the shard before is stored, and with the last check the next is claimed:
 * between two shards nothing is waited for.
 */
export class ShardWorker {
  readonly #work: Work;
  readonly #ports: Ports;
  readonly #claims: Claims;
  readonly #recent: CheckResult[] = [];
  readonly #hands: WorkerHands;
  /** Executed, and to be executed once more. */
  readonly #again: Held[] = [];
  /** A shard that was claimed while the previous one was in progress. */
  #ahead: Promise<Claim | undefined> | undefined;
  readonly #settling = new Set<Promise<void>>();
  /** The end of what was settled last. */
  #storing: Promise<void> = Promise.resolve();
  /** What went wrong first meanwhile. Nothing more is claimed; what is held is still worked on. */
  #failure: { readonly error: unknown } | undefined;
  #hasToldOfBurst = false;
  #endMs = 0;
  /** When the pauses of what it has claimed end at the latest. */
  #settledBy: Date | undefined;

  constructor(work: Work, ports: Ports) {
    this.#work = work;
    this.#ports = ports;
    this.#hands = { recent: this.#recent, inTurn: oneAtATime(), ports };
    this.#claims = new Claims(work.runId, work.slot, work.head.shards, work.floor, ports);
  }

  /**
   * Works until nothing is left.
   * @param turnMs after this time it claims no further shard
   * @returns `late`: its turn is over, and work may remain
   */
  async work(turnMs: number): Promise<'done' | 'late'> {
    const { floor, runId, head } = this.#work;
    const { clock } = this.#ports;
    this.#endMs = clock.monotonicMs() + turnMs;
    this.#settledBy = new Date(clock.now().getTime() + longestPausesMs);
    try {
      await this.#workOn();
    } finally {
      // Nothing goes on once the message is answered.
      await Promise.all([this.#ahead, ...this.#settling]);
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
        await Promise.all(this.#settling);
        if (this.#again.length > 0) continue;
        return;
      }
      // A command has the worker's turn for minutes: failures of the shards before are settled first.
      if (held.suite.kind === 'command') await Promise.all(this.#settling);
      const executed = await this.#execute(held).catch(this.#note);
      await this.#storing;
      if (!executed) continue;
      const settling = this.#settle(executed)
        .catch(this.#note)
        .finally(() => this.#settling.delete(settling));
      this.#settling.add(settling);
      // Whether it is this revision that fails all alike is known at its end.
      if (executed.burst !== undefined) await settling;
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
    const { floor, head, config, run } = this.#work;
    const { claim, shard, suite, lease } = held;
    const startedAt = this.#ports.clock.now();
    const signal = AbortSignal.any([floor.over, lease]);
    const targets = await awaitTargets(this.#work, signal, this.#ports.clock);
    const [candidate, stable] = [targets.candidate.target, targets.stable.target];
    // Its traffic was moved, by a rollback of this very stage or by someone else.
    if (!candidate && (await floor.isOverNow())) return undefined;
    const work = { shard: claim.i, claim: claim.attempt };
    const allowed = allowedOf(head.counted, config.tests.gates)[suite.priority];
    const slowMs = durationMs(config.tests.p95);
    const endAt = earlier(earlier(claim.leaseUntil, run.stageDeadlineAt), this.#settledBy);
    const onLast = () => this.#claimAhead(suite);
    // Whether the revision is down is looked at while its checks are settled; what is stored asks for it again.
    const onBurst = () => this.#askForHealth().catch(this.#note);
    const started = startShard(
      shard,
      { suite, work, candidate, stable, signal, endAt, allowed, slowMs, onLast, onBurst },
      this.#hands,
    );
    return { held, startedAt, targets, outcome: started.outcome, burst: await started.first };
  }

  async #settle({ outcome, ...executed }: Executed): Promise<void> {
    const settled = await outcome;
    this.#storing = this.#storing.then(() => this.#store(executed, settled)).catch(this.#note);
    await this.#storing;
  }

  /** Stores what came of a shard, and has the stage decided where that may change it. */
  async #store(
    { held, startedAt, targets }: Omit<Executed, 'outcome'>,
    outcome: ShardOutcome,
  ): Promise<void> {
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
    await this.#askForHealth();
    this.#hasToldOfBurst = true;
  }

  #askForHealth(): Promise<void> {
    return this.#ports.bus.publish('check-health', { runId: this.#work.runId, burst: true });
  }
}

function earlier(one: Date, other: Date | undefined): Date {
  return other && other < one ? other : one;
}

const nothingRan: ShardOutcome = { attempts: new Map(), burst: undefined };
