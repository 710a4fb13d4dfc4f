import { MemoryStore } from '../../shared/adapters/memory/memory-store.ts';
import type { RevisionName } from '../../shared/domain/ids.ts';
import type { Store } from '../../shared/ports/store.ts';
import { seedStable } from '../../shared/services/runs/begin-guard.ts';
import { aServiceConfig } from '../builders.ts';
import { World } from './world.ts';

/** A world whose records can be put away: each guard of a laptop or of a build begins with none. */
export class ForgetfulWorld extends World {
  readonly #memory: { store: Store };

  private constructor(memory: { store: Store }) {
    super((first) => {
      memory.store = first;
      return {
        get: (ref) => memory.store.get(ref),
        find: (query) => memory.store.find(query),
        countAndSum: (collection, field) => memory.store.countAndSum(collection, field),
        commit: (writes) => memory.store.commit(writes),
      };
    });
    this.#memory = memory;
  }

  /** With `web-1`, which serves and is recorded good. */
  static async begin(): Promise<ForgetfulWorld> {
    const world = new ForgetfulWorld({ store: new MemoryStore({ now: () => new Date(0) }) });
    await world.applyConfig();
    await world.deployGood('web-1');
    return world;
  }

  /** What follows is done with no records at all. @returns those until now, to go on with by `recall` */
  async forget(): Promise<Store> {
    const { store } = this.#memory;
    this.#memory.store = new MemoryStore(this.clock);
    await this.applyConfig();
    return store;
  }

  /** Goes on with the records of another machine. @returns those until now */
  recall(records: Store): Store {
    const { store } = this.#memory;
    this.#memory.store = records;
    return store;
  }

  /** Another process without records guards a revision. */
  async guardAnew(revision: string): Promise<void> {
    await this.forget();
    await this.guard(revision);
  }

  /** As `guard --service web --revision` does. */
  async guard(revision: string): Promise<void> {
    await seedStable(aServiceConfig(), undefined, this.ports);
    await this.ask(revision as RevisionName, 'guard');
  }
}
