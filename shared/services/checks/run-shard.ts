import type { ServiceConfig } from '../../contracts/config.ts';
import { durationMs } from '../../contracts/duration.ts';
import type { PlannedShardRecord } from '../../contracts/records.ts';
import type { Suite } from '../../contracts/suites/suite.ts';
import { burstOf } from '../../domain/checks/burst.ts';
import type { CheckResult } from '../../domain/checks/check-result.ts';
import {
  type Attempts,
  confirmationMs,
  retryPauseMs,
  settleCheck,
  wantsComparison,
  wantsConfirmation,
  wantsRetry,
} from '../../domain/checks/settle-check.ts';
import type { CheckBatch, CheckTarget, ClaimedShard } from '../../ports/check-runner.ts';
import type { Ports } from '../../ports/ports.ts';
import { rest } from '../../ports/rest.ts';
import type { oneAtATime } from './coalesce.ts';

export interface ShardRun {
  readonly suite: Suite;
  readonly work: ClaimedShard;
  /** Absent: no URL leads to it alone, so no check is sent. */
  readonly candidate: CheckTarget | undefined;
  /** Absent: there is no revision to compare with. */
  readonly stable: CheckTarget | undefined;
  /** How many checks of the suite's priority may fail: with more failures, the gate is lost anyway. */
  readonly allowed: number;
  /** A pass with a slower answer is measured once more, in ms. */
  readonly slowMs: number;
  /** When all of it has to be known. */
  readonly endAt: Date;
  /** Ends it: what is under way is given up, and nothing more is begun. */
  readonly signal: AbortSignal;
  /** Called when the last check starts, if checks run one by one. */
  readonly onLast: () => void;
  /** Called when so many checks have failed all alike that no further one is begun; those are settled after it. */
  readonly onBurst: () => Promise<void>;
}

/** The results of a shard's checks. */
export interface ShardOutcome {
  /** By id; an id that is missing did not run. */
  readonly attempts: ReadonlyMap<string, Attempts>;
  /** The failure that so many of them share that the rest was not run. */
  readonly burst: string | undefined;
}

/** A shard that is being executed. */
export interface StartedShard {
  /** The worker may go on with the next one: no check is left that was not executed. Gives the signature of a burst. */
  readonly first: Promise<string | undefined>;
  /** Its failures are settled too. Rejects where a runner does. */
  readonly outcome: Promise<ShardOutcome>;
}

/**
 * Executes a shard's checks and settles each failure: tried again on the candidate, then on the stable revision, and
 * where that passes once more on the candidate. In the pauses between, other checks run. Checks of the config run one
 * by one; a command, whose start costs seconds, runs all of them, then those that failed, then those that still fail
 * on stable.
 */
export function startShard({ checks }: PlannedShardRecord, run: ShardRun, hands: WorkerHands): StartedShard {
  const { candidate } = run;
  const attempts = new Map<string, Attempts>();
  if (!candidate) {
    const nothing = { attempts, burst: undefined };
    return { first: Promise.resolve(undefined), outcome: Promise.resolve(nothing) };
  }
  return new ShardExecution(checks, { ...run, candidate }, attempts, hands).start();
}

/** What a worker does all its shards with. */
export interface WorkerHands {
  /** Its latest results, oldest first, to see a burst in: results are added to it. */
  readonly recent: CheckResult[];
  /** It runs one batch at a time, of whatever shard. */
  readonly inTurn: ReturnType<typeof oneAtATime>;
  readonly ports: Pick<Ports, 'checks' | 'clock'>;
}

/** Only if there is a revision to run it on. */
interface OpenRun extends ShardRun {
  readonly candidate: CheckTarget;
}

class ShardExecution {
  readonly #checks: PlannedShardRecord['checks'];
  readonly #run: OpenRun;
  readonly #attempts: Map<string, Attempts>;
  readonly #hands: WorkerHands;
  /** Aborts when a gate is lost, and at the end. */
  readonly #enough = new AbortController();
  readonly #signal: AbortSignal;
  readonly #settling: Promise<void>[] = [];

  constructor(
    checks: PlannedShardRecord['checks'],
    run: OpenRun,
    attempts: Map<string, Attempts>,
    hands: WorkerHands,
  ) {
    this.#checks = checks;
    this.#run = run;
    this.#attempts = attempts;
    this.#hands = hands;
    this.#signal = AbortSignal.any([run.signal, this.#enough.signal]);
  }

  /** All its checks are executed in one go. */
  get #isWhole(): boolean {
    return this.#run.suite.kind === 'command';
  }

  start(): StartedShard {
    const first = this.#runFirst();
    const outcome = this.#finish(first);
    // Whoever waits for it gets the error, and may come late.
    outcome.catch(() => undefined);
    // What settles a command would wait for all of the next shard.
    const goesOn = this.#isWhole ? outcome.then(({ burst }) => burst) : first;
    return { first: goesOn.catch(() => undefined), outcome };
  }

  async #finish(first: Promise<string | undefined>): Promise<ShardOutcome> {
    try {
      const burst = await first;
      await Promise.all(this.#settling);
      return { attempts: this.#attempts, burst };
    } finally {
      this.#enough.abort();
      await Promise.allSettled(this.#settling);
    }
  }

  /** These share a connection; what settles a failure has its own each time. */
  async #runFirst(): Promise<string | undefined> {
    const session = new AbortController();
    try {
      return await this.#runBatches(session.signal);
    } finally {
      // Before it is looked at who may have answered.
      session.abort();
    }
  }

  async #runBatches(session: AbortSignal): Promise<string | undefined> {
    const { onLast, onBurst } = this.#run;
    const { recent } = this.#hands;
    const ids = this.#checks.map(({ id }) => id);
    const batches = this.#isWhole ? [ids] : ids.map((id) => [id]);
    const counted = new Set(this.#checks.filter(({ quarantined }) => !quarantined).map(({ id }) => id));
    const note = (result: CheckResult) => counted.has(result.id) && recent.push(result);
    for (const [n, batch] of batches.entries()) {
      if (this.#signal.aborted) return undefined;
      if (n === batches.length - 1 && !this.#isWhole) onLast();
      await this.#execute(batch, 1, note, session);
      this.#follow(batch);
      const burst = burstOf(recent);
      if (burst === undefined || this.#signal.aborted) continue;
      await onBurst();
      return burst;
    }
    return undefined;
  }

  /** Does all else that a batch wants, while others run. */
  #follow(batch: readonly string[]): void {
    const settling = Promise.all([this.#settle(batch), this.#measureAgain(batch)]).then(() => undefined);
    // `run` gets the error; nothing more is begun meanwhile.
    settling.catch(() => this.#enough.abort());
    this.#settling.push(settling);
  }

  async #settle(ids: readonly string[]): Promise<void> {
    const { suite, stable } = this.#run;
    const { retries } = suite;
    const pauseMs = durationMs(suite.retryPause);
    const failedMs = this.#hands.ports.clock.monotonicMs();
    let left = this.#wanting(ids, (one) => wantsRetry(one, retries));
    for (let attempt = 2; left.length > 0; attempt++) {
      await this.#pause(retryPauseMs(attempt - 1, pauseMs));
      await this.#execute(left, attempt);
      // What was not told this time did not run: it is not tried for ever.
      left = this.#wanting(left, (one) => wantsRetry(one, retries) && one.candidate.length === attempt);
    }
    const failing = this.#wanting(ids, (one) => wantsComparison(one, retries));
    if (!stable || failing.length === 0) return;
    await this.#ask({ ids: failing, target: stable, attempt: 1 }, (result) =>
      this.#update(result.id, { stable: result }),
    );
    const doubtful = this.#wanting(ids, wantsConfirmation);
    if (doubtful.length === 0) return;
    await this.#pause(failedMs + confirmationMs(pauseMs) - this.#hands.ports.clock.monotonicMs());
    await this.#execute(doubtful, retries + 2, ({ id }) => this.#update(id, { confirmed: true }));
    if (this.#regressions() > this.#run.allowed) this.#enough.abort();
  }

  /** The first use of something may be slow: a pass is as fast as the second. */
  async #measureAgain(batch: readonly string[]): Promise<void> {
    const ids = this.#wanting(
      batch,
      ({ candidate: [first] }) => first?.outcome === 'passed' && (first.latencyMs ?? 0) > this.#run.slowMs,
    );
    if (ids.length === 0) return;
    await this.#ask({ ids, target: this.#run.candidate, attempt: 2 }, ({ id, outcome, latencyMs }) => {
      const first = this.#attempts.get(id)?.candidate[0];
      if (first && outcome === 'passed' && latencyMs !== undefined)
        this.#update(id, { candidate: [{ ...first, latencyMs }] });
    });
  }

  /** Executes checks on the candidate once more, or for the first time. */
  #execute(
    ids: readonly string[],
    attempt: number,
    tell: (result: CheckResult) => unknown = () => undefined,
    session?: AbortSignal,
  ): Promise<void> {
    return this.#ask({ ids, target: this.#run.candidate, attempt, session }, (result) => {
      this.#update(result.id, { candidate: [...(this.#attempts.get(result.id)?.candidate ?? []), result] });
      tell(result);
    });
  }

  /** When the batches before have ended. */
  #ask(
    batch: Pick<CheckBatch, 'ids' | 'target' | 'attempt' | 'session'>,
    tell: (result: CheckResult) => void,
  ): Promise<void> {
    const { suite, work } = this.#run;
    return this.#hands.inTurn(async () => {
      if (!this.#signal.aborted)
        await this.#hands.ports.checks.run({ suite, work, ...batch }, tell, this.#signal);
    });
  }

  /** At most half of the time that is left: a question that comes too soon is better than one that is never asked. */
  #pause(ms: number): Promise<void> {
    const leftMs = this.#run.endAt.getTime() - this.#hands.ports.clock.now().getTime();
    const pauseMs = Math.min(ms, leftMs / 2);
    return pauseMs > 0 ? rest(pauseMs, this.#signal, this.#hands.ports.clock) : Promise.resolve();
  }

  #update(id: string, changes: Partial<Attempts>): void {
    this.#attempts.set(id, { candidate: [], ...this.#attempts.get(id), ...changes });
  }

  #wanting(ids: readonly string[], wants: (one: Attempts) => boolean): readonly string[] {
    return ids.filter((id) => {
      const known = this.#attempts.get(id);
      return known !== undefined && wants(known);
    });
  }

  #regressions(): number {
    return this.#checks.filter(({ id, quarantined }) => {
      const known = this.#attempts.get(id);
      return !quarantined && known !== undefined && settleCheck(known) === 'regression';
    }).length;
  }
}

/** The suite of a shard. @throws {TypeError} the config has no such suite */
export function suiteOf({ suites }: ServiceConfig, { suite }: PlannedShardRecord): Suite {
  const found = suites.find(({ name }) => name === suite);
  if (!found) throw new TypeError(`the config has no suite ${suite}`);
  return found;
}
