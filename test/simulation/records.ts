import { pathOf } from '../../shared/contracts/document.ts';
import {
  type DecisionRecord,
  decisions,
  type EffectRecord,
  type FreezeRecord,
  type IntentRecord,
  intents,
  outbox,
  type RunRecord,
  runs,
  type ServiceRecord,
  services,
} from '../../shared/contracts/records.ts';
import type { Write } from '../../shared/ports/store.ts';

/** The documents as they now are, for the eyes of the invariants: read at once and by id. */
export class Records {
  readonly #documents = new Map<string, Map<string, Record<string, unknown>>>();

  apply(writes: readonly Write[]): void {
    for (const write of writes) {
      const { path } = write.ref.collection;
      const documents = this.#documents.get(path) ?? new Map<string, Record<string, unknown>>();
      this.#documents.set(path, documents);
      const fields = write.kind === 'create' ? (write.data as object) : write.fields;
      documents.set(write.ref.id, { ...documents.get(write.ref.id), ...fields });
    }
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

  get service(): ServiceRecord | undefined {
    return [...this.#all<ServiceRecord>(services.path).values()][0];
  }

  /** Control documents of services; the config in force is one of the same collection. */
  get freezes(): readonly FreezeRecord[] {
    return [...this.#all<FreezeRecord>('control')].flatMap(([id, freeze]) =>
      id === 'config' ? [] : [freeze],
    );
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
