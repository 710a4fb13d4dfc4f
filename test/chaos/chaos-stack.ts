import { webContainer } from '../../infra/local/containers/web-container.ts';
import { type FunctionName, functionNames } from '../../infra/local/pipeline/function-names.ts';
import type { RunId } from '../../shared/domain/ids.ts';
import {
  type Deployed,
  FunctionsStack,
  type FunctionsStackOptions,
} from '../stack/functions/functions-stack.ts';
import type { CommittedWrite } from './commit.ts';
import { FirestoreProxy } from './firestore-proxy.ts';
import { describeCommit, type KillPoint } from './kill-point.ts';

/** A point at which one process is to die, for one run. */
interface Trap {
  readonly point: KillPoint;
  readonly deployed: Deployed;
  readonly sprung: PromiseWithResolvers<void>;
}

/** What is deployed, and how its run ends when nothing disturbs it. */
export type Plot =
  /** A broken revision that takes all traffic, and is rolled back. */
  | 'rollback'
  /** A good revision without traffic, in mode gate: it is promoted, and recorded as good. */
  | 'promotion';

const deploys = {
  rollback: { container: webContainer({ HEALTH: '503' }), noTraffic: false },
  promotion: { container: webContainer({ VERSION: '2' }), noTraffic: true },
} as const;

/** A pipeline whose functions reach their database through proxies that can kill them at a chosen commit. */
export class ChaosStack implements AsyncDisposable {
  readonly stack: FunctionsStack;
  readonly plot: Plot;
  /** Each commit that went through, by run. */
  readonly #seen: { readonly name: FunctionName; readonly writes: readonly CommittedWrite[] }[] = [];
  readonly #traps = new Set<Trap>();
  readonly #proxies: readonly FirestoreProxy[];

  private constructor(plot: Plot, stack: FunctionsStack, proxies: readonly FirestoreProxy[]) {
    this.plot = plot;
    this.stack = stack;
    this.#proxies = proxies;
  }

  static async start(plot: Plot, emulatorHost: string, options: FunctionsStackOptions): Promise<ChaosStack> {
    let chaos: ChaosStack | undefined;
    const proxies = await Promise.all(
      functionNames.map(async (name) => {
        const proxy = await FirestoreProxy.start(emulatorHost, {
          before: async (writes) => chaos && (await chaos.#meet(name, 'before', writes)),
          after: async (writes) => chaos && (await chaos.#meet(name, 'after', writes)),
        });
        return [name, proxy] as const;
      }),
    );
    const firestoreHosts = Object.fromEntries(proxies.map(([name, { host }]) => [name, host]));
    using started = new DisposableStack();
    for (const [, proxy] of proxies) started.defer(() => proxy.close());
    const stack = await FunctionsStack.start({
      ...options,
      config: { mode: plot === 'promotion' ? 'gate' : 'guard' },
      firestoreHosts,
    });
    chaos = new ChaosStack(
      plot,
      stack,
      proxies.map(([, proxy]) => proxy),
    );
    started.move();
    return chaos;
  }

  /** @returns what was deployed, as soon as its message is under way */
  async deploy(service: string): Promise<Deployed> {
    const { container, noTraffic } = deploys[this.plot];
    return await this.stack.build(service, container, { noTraffic });
  }

  /** Deploys a revision whose run loses a process at `point`. Resolves when that process is dead. */
  async deployAndKill(service: string, point: KillPoint): Promise<Deployed> {
    const deployed = await this.deploy(service);
    // Nothing of the run can have been written yet: its message leaves this process after this turn.
    const trap = { point, deployed, sprung: Promise.withResolvers<void>() };
    this.#traps.add(trap);
    await trap.sprung.promise;
    return deployed;
  }

  /** What was written for a run, commit by commit, in order of time. */
  commitsOf({ runId, build }: Deployed): readonly Omit<KillPoint, 'when'>[] {
    return this.#seen
      .filter(({ writes }) => concerns(writes, runId, build.id))
      .map(({ name, writes }) => ({ function: name, commit: describeCommit(writes, runId) }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stack[Symbol.asyncDispose]();
    for (const proxy of this.#proxies) proxy.close();
  }

  /** @throws {Error} the process was killed here, so that nobody is there to go on */
  async #meet(name: FunctionName, when: KillPoint['when'], writes: readonly CommittedWrite[]): Promise<void> {
    if (when === 'after') this.#seen.push({ name, writes });
    const trap = [...this.#traps].find(({ point, deployed: { runId, build } }) => {
      const isHere = point.function === name && point.when === when;
      return isHere && concerns(writes, runId, build.id) && describeCommit(writes, runId) === point.commit;
    });
    if (trap === undefined) return;
    this.#traps.delete(trap);
    await this.stack.pipeline.kill(name, 'SIGKILL');
    trap.sprung.resolve();
    throw new Error(`${name} was killed`);
  }
}

function concerns(writes: readonly CommittedWrite[], runId: RunId, buildId: string): boolean {
  return writes.some(({ path }) => path.includes(runId) || path === `builds/${buildId}`);
}
