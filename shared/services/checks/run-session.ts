import { documentIn } from '../../contracts/document.ts';
import {
  abortOf,
  type ClaimRecord,
  cancelled,
  claimsOf,
  decisions,
  type PlanHeadRecord,
  type PlannedShardRecord,
  type RunRecord,
  shardsOf,
} from '../../contracts/records.ts';
import { describeError } from '../../domain/errors.ts';
import { decisionIdOf, type RunId } from '../../domain/ids.ts';
import type { ServiceState } from '../../domain/service-state.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Store, Stored } from '../../ports/store.ts';
import { RouteMemory } from '../health/route-memory.ts';
import { KnownBuilds } from '../records/known-builds.ts';
import { loadControl } from '../records/load-controls.ts';
import { coalesce, remember } from './coalesce.ts';
import { loadPlan, loadPlanHead } from './load-plan.ts';
import { loadLost } from './load-shards.ts';

const pollMs = 1_000;
/** After this many polls it also checks whether a newer run has taken over or a person has aborted this one. */
const seldom = 3;

/** Leases last longer than this, so a slightly later look finds the same. */
const lostAgeMs = 5_000;

type FloorPorts = Pick<Ports, 'store' | 'bus' | 'clock' | 'log' | 'run'>;

/** The fixed facts of a dispatched run. */
export interface RunPlan {
  readonly head: PlanHeadRecord;
  readonly shards: readonly PlannedShardRecord[];
}

/**
 * The state that the workers of one process share while they work on one run: one poll per second and one query at a
 * time, however many workers there are.
 */
export class RunSession {
  readonly #runId: RunId;
  readonly #ports: FloorPorts;
  readonly #deadlineAt: Date | undefined;
  readonly #over = new AbortController();
  readonly #opened = Promise.withResolvers<void>();
  readonly #leases = new Map<AbortController, Date>();
  readonly #askService: () => Promise<ServiceState | undefined>;
  #routes: RouteMemory;
  #workers = 0;
  #plan: Promise<RunPlan | undefined> | undefined;
  #cursor = 0;
  #service: { readonly state: ServiceState | undefined; readonly atMs: number } | undefined;

  /** The builds of the revisions that are asked. */
  readonly builds: KnownBuilds;
  /** The number and weights of stored shards: read after the caller's own write. */
  readonly readTotals: () => Promise<{ readonly count: number; readonly sum: number }>;
  /** The number of claimed shards: read after the call. */
  readonly countClaims: () => Promise<number>;
  /** Claims whose lease ended some seconds ago without their shard. */
  readonly findLost: () => Promise<readonly Stored<ClaimRecord>[]>;
  /** The weights that decide-stage was last asked about; infinite: all shards are stored. */
  askedAbout = -1;

  constructor(runId: RunId, { ref, stageDeadlineAt }: RunRecord, ports: FloorPorts) {
    this.#runId = runId;
    this.#ports = ports;
    this.#deadlineAt = stageDeadlineAt;
    this.builds = new KnownBuilds(ref, ports.store);
    this.readTotals = coalesce(() => ports.store.countAndSum(shardsOf(runId), 'w'));
    this.countClaims = coalesce(async () => (await ports.store.countAndSum(claimsOf(runId), 'i')).count);
    const { clock } = ports;
    this.#routes = new RouteMemory(clock);
    this.findLost = remember(lostAgeMs, clock, () => loadLost(runId, clock.now(), ports));
    this.#askService = coalesce(async () => {
      const atMs = ports.clock.monotonicMs();
      const state = await ports.run.getService(ref);
      // Between two looks at one owner, the URL may have had another.
      if (state?.routesChangedAt.getTime() !== this.#service?.state?.routesChangedAt.getTime())
        this.#routes = new RouteMemory(ports.clock);
      this.#service = { state, atMs };
      if (state) this.#routes.note(state);
      return state;
    });
  }

  /** Aborts when stage `tests` is decided. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  get isUsed(): boolean {
    return this.#workers > 0 && !this.over.aborted;
  }

  /** Checks now whether anything is left to do, and stops all workers if not. */
  async isOverNow(): Promise<boolean> {
    if (!this.over.aborted && (await this.#isOver(true))) this.#over.abort();
    return this.over.aborted;
  }

  join(): void {
    this.#workers++;
    if (this.#workers === 1) void this.#poll();
  }

  /** Resolves when it is known whether anything is left to do. */
  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  leave(): void {
    this.#workers--;
  }

  /** The run's plan, read once; undefined: there is none yet. */
  plan(): Promise<RunPlan | undefined> {
    this.#plan ??= this.#loadPlan().catch((error: unknown) => {
      this.#plan = undefined;
      throw error;
    });
    return this.#plan;
  }

  async #loadPlan(): Promise<RunPlan | undefined> {
    const head = await loadPlanHead(this.#ports.store, this.#runId);
    if (head) return { head, shards: await loadPlan(this.#ports.store, this.#runId, head) };
    this.#plan = undefined;
    return undefined;
  }

  /** The next unclaimed shard, as far as this process knows. */
  takeNext(): number {
    return this.#cursor++;
  }

  /** True: all of this number of shards are claimed, as far as this process knows. */
  isExhausted(shards: number): boolean {
    return this.#cursor >= shards;
  }

  /** Other processes have come further. */
  skipTo(i: number): void {
    this.#cursor = Math.max(this.#cursor, i);
  }

  /** Aborts within a second of the end of a lease. */
  openLease(until: Date): AbortSignal {
    const ended = new AbortController();
    this.#leases.set(ended, until);
    return ended.signal;
  }

  /** The current service. @param staleMs the largest accepted age of the result */
  async service(staleMs: number): Promise<ServiceState | undefined> {
    const known = this.#service;
    if (known && this.#ports.clock.monotonicMs() - known.atMs < staleMs) return known.state;
    return this.#askService();
  }

  /** How long this process has observed that a URL leads to one revision. */
  seenForMs(url: string): number {
    return this.#routes.seenForMs(url);
  }

  async #poll(): Promise<void> {
    const { clock, log } = this.#ports;
    for (let polls = 0; this.isUsed; polls++) {
      try {
        if (await this.#isOver(polls % seldom === 0)) this.#over.abort();
      } catch (error) {
        // A later poll finds the same documents.
        log.warn({ runId: this.#runId }, `stage tests could not be watched: ${describeError(error)}`);
      }
      this.#opened.resolve();
      if (!this.isUsed) return;
      await clock.sleep(pollMs);
      const now = clock.now();
      for (const [ended, until] of this.#leases) {
        if (until > now) continue;
        this.#leases.delete(ended);
        ended.abort();
      }
    }
  }

  async #isOver(thorough: boolean): Promise<boolean> {
    const { store, bus, clock } = this.#ports;
    const runId = this.#runId;
    if (await store.get(documentIn(decisions, decisionIdOf(runId, 'tests')))) return true;
    const late = this.#deadlineAt !== undefined && this.#deadlineAt <= clock.now();
    if (!thorough && !late) return false;
    const [cancel, abort] = await Promise.all([
      store.get(documentIn(cancelled, runId)),
      loadControl(abortOf(runId), store),
    ]);
    if (!cancel && !abort && !late) return false;
    await bus.publish('decide-stage', { runId, stage: 'tests' });
    return true;
  }
}

/** Keyed by store, of which a process has one. */
const floors = new WeakMap<Store, Map<RunId, RunSession>>();

/** Works on a run with everything that this process knows about it. */
export async function inRunSession<T>(
  runId: RunId,
  run: RunRecord,
  ports: FloorPorts,
  work: (floor: RunSession) => Promise<T>,
): Promise<T> {
  const ofStore = floors.get(ports.store) ?? new Map<RunId, RunSession>();
  floors.set(ports.store, ofStore);
  const known = ofStore.get(runId);
  const floor = known?.isUsed ? known : new RunSession(runId, run, ports);
  ofStore.set(runId, floor);
  floor.join();
  try {
    await floor.opened;
    return await work(floor);
  } finally {
    floor.leave();
    if (!floor.isUsed && ofStore.get(runId) === floor) ofStore.delete(runId);
  }
}
