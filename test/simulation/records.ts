import { pathOf } from '../../shared/contracts/document.ts';
import {
  type ConfigRecord,
  type ControlRecord,
  configs,
  currentConfig,
  type DecisionRecord,
  decisions,
  type EffectRecord,
  type GroupFindingRecord,
  groupFindings,
  type HealthFactRecord,
  type IntentRecord,
  intents,
  outbox,
  type PlanChunkRecord,
  type PlanHeadRecord,
  type RunRecord,
  runs,
  type ServiceRecord,
  type ShardRecord,
  type SlotRecord,
  services,
} from '../../shared/contracts/records.ts';
import type { Outcome } from '../../shared/domain/checks/check-result.ts';
import { type ServiceRef, serviceKeyOf } from '../../shared/domain/ids.ts';
import type { Write } from '../../shared/ports/store.ts';

/** One execution of a check: whom it was meant to ask, and who answered. */
export interface Execution {
  readonly meant: string;
  /** Absent: nobody did. */
  readonly answeredBy: string | undefined;
  readonly outcome: Outcome | undefined;
}

/** The documents as they now are, for the eyes of the invariants: read at once and by id. */
export class Records {
  readonly #documents = new Map<string, Map<string, Record<string, unknown>>>();

  readonly #down = new Set<string>();
  readonly #executions = new Map<string, readonly Execution[]>();

  /** How many documents were written so far. */
  writes = 0;
  /** How many checks were executed so far. */
  checksRun = 0;

  apply(writes: readonly Write[]): void {
    this.writes += writes.length;
    for (const write of writes) {
      const { path } = write.ref.collection;
      const documents = this.#documents.get(path) ?? new Map<string, Record<string, unknown>>();
      this.#documents.set(path, documents);
      const fields = write.kind === 'create' ? (write.data as object) : write.fields;
      documents.set(write.ref.id, { ...documents.get(write.ref.id), ...fields });
    }
  }

  /** What is known of services and set by people begins anew; what was decided and done stays in sight. */
  forgetServices(): void {
    this.#documents.delete(services.path);
    this.#documents.delete(currentConfig.collection.path);
  }

  get configs(): ReadonlyMap<string, ConfigRecord> {
    return this.#all<ConfigRecord>(configs.path);
  }

  get runs(): ReadonlyMap<string, RunRecord> {
    return this.#all<RunRecord>(runs.path);
  }

  get effects(): ReadonlyMap<string, EffectRecord> {
    return this.#all<EffectRecord>(outbox.path);
  }

  get intents(): ReadonlyMap<string, IntentRecord> {
    return this.#all<IntentRecord>(intents.path);
  }

  get decisions(): ReadonlyMap<string, DecisionRecord> {
    return this.#all<DecisionRecord>(decisions.path);
  }

  get groupFindings(): ReadonlyMap<string, GroupFindingRecord> {
    return this.#all<GroupFindingRecord>(groupFindings.path);
  }

  serviceOf(ref: ServiceRef): ServiceRecord | undefined {
    return this.#all<ServiceRecord>(services.path).get(serviceKeyOf(ref));
  }

  /** The control document of that id, unless it was lifted. */
  control(id: string): ControlRecord | undefined {
    const control = this.#all<ControlRecord>('control').get(id);
    return control?.liftedAt === undefined ? control : undefined;
  }

  /** What a run saw last in its stage. */
  lastFact(runId: string): HealthFactRecord | undefined {
    return [...this.#all<HealthFactRecord>(`runs/${runId}/health`).values()].at(-1);
  }

  shards(runId: string): ReadonlyMap<string, ShardRecord> {
    return this.#all<ShardRecord>(`runs/${runId}/shards`);
  }

  /** Which message of a worker slot is in force. */
  turn(runId: string, slot: number): number {
    return this.#all<SlotRecord>(`runs/${runId}/slots`).get(String(slot))?.turn ?? 0;
  }

  /** The ids of a run's checks, shard by shard. */
  plannedChecks(runId: string): readonly (readonly string[])[] {
    const plan = this.#documents.get(`runs/${runId}/plan`);
    const head = plan?.get('head') as PlanHeadRecord | undefined;
    return Array.from(
      { length: head?.chunks ?? 0 },
      (_, n) => plan?.get(`${head?.digest}.${n}`) as PlanChunkRecord,
    )
      .flatMap(({ shards }) => shards)
      .map(({ checks }) => checks.map(({ id }) => id));
  }

  /** A check of a run was executed. @param down whether the revision that it was meant for failed by itself then */
  noteCheck(runId: string, id: string, execution: Execution, down: boolean): void {
    this.checksRun++;
    if (down || execution.answeredBy === undefined) this.#down.add(`${runId} ${id}`);
    const known = this.#executions.get(`${runId} ${id}`) ?? [];
    this.#executions.set(`${runId} ${id}`, [...known, execution]);
  }

  /** All executions of a check in a run, whoever executed it. */
  executions(runId: string, id: string): readonly Execution[] {
    return this.#executions.get(`${runId} ${id}`) ?? [];
  }

  /** True: the revision was down at some time when the check asked it. */
  sawDown(runId: string, id: string): boolean {
    return this.#down.has(`${runId} ${id}`);
  }

  has(write: Write): boolean {
    return this.#documents.get(write.ref.collection.path)?.has(write.ref.id) ?? false;
  }

  describe(write: Write): string {
    return `${write.kind} ${pathOf(write.ref)}`;
  }

  #all<D>(path: string): ReadonlyMap<string, D> {
    return (this.#documents.get(path) ?? new Map()) as ReadonlyMap<string, D>;
  }
}
