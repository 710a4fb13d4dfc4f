import { randomBytes } from 'node:crypto';
import { webContainer } from '../../infra/local/containers/web-container.ts';
import { SeededRandom } from '../../infra/local/seeded-random.ts';
import { parseConfig } from '../../shared/config/parse-config.ts';
import { type RunId, runIdOf } from '../../shared/domain/ids.ts';
import type { CheckRunner } from '../../shared/ports/check-runner.ts';
import {
  type Container,
  createContainer,
  createLocalBus,
  type OpenStore,
  openFirestoreStore,
  openMemoryStore,
} from '../../shared/runtime/container.ts';
import { InProcess } from '../../shared/runtime/in-process.ts';
import { parseSettings } from '../../shared/runtime/settings.ts';
import { applyConfig } from '../../shared/services/apply-config.ts';
import { configText } from '../stack/config-text.ts';
import { Stack } from '../stack/stack.ts';
import { CountingStore } from '../world/counting-store.ts';
import { WrittenDocuments } from './written-documents.ts';

/** `count` waits of 20 to 200 ms, the same each time. */
export function someWaits(count: number): readonly number[] {
  const random = new SeededRandom(7);
  return Array.from({ length: count }, () => Math.round(20 + 180 * random.fraction()));
}

export interface ChecksOptions {
  /** How long each check waits for its answer, in ms. */
  readonly waits: readonly number[];
  readonly workers: number;
  /** `host:port` of the Firestore emulator. Absent: the store is in memory. */
  readonly firestoreHost?: string | undefined;
  /** Who runs them in place of the guard's own HTTP. */
  readonly runner?: CheckRunner;
}

/** One deploy and its run, as the store has it. */
export interface ChecksRun {
  readonly runId: RunId;
  readonly arrivedAt: Date;
  readonly reads: number;
  readonly writes: number;
}

/**
 * The whole guard in this process, on a local Cloud Run whose service answers each check after a wait. Runs follow one
 * another: the first knows no durations, later ones do.
 */
export class ChecksStack implements AsyncDisposable {
  readonly store: CountingStore;
  readonly written: WrittenDocuments;
  readonly #stack: Stack;
  readonly #container: Container;
  readonly #opened: OpenStore;
  readonly #loop: InProcess;

  private constructor(stack: Stack, { firestoreHost, runner }: ChecksOptions) {
    const settings = parseSettings(stack.env);
    this.#stack = stack;
    this.#container = createContainer(settings);
    const { clock, log } = this.#container.ports;
    this.#opened =
      firestoreHost === undefined
        ? openMemoryStore(clock)
        : openFirestoreStore(`bench-${randomBytes(6).toString('hex')}`, settings);
    this.written = new WrittenDocuments(this.#opened.store, clock);
    this.store = new CountingStore(this.written);
    const checks = runner ?? this.#container.ports.checks;
    const ports = { ...this.#container.ports, store: this.store, checks };
    this.#loop = new InProcess(ports, createLocalBus(clock, log));
  }

  static async start(options: ChecksOptions): Promise<ChecksStack> {
    const { waits, workers, firestoreHost } = options;
    const env = firestoreHost === undefined ? {} : { FIRESTORE_EMULATOR_HOST: firestoreHost };
    const stack = new ChecksStack(await Stack.start({}, env), options);
    const checks = waits.map((ms, n) => ({ name: `check ${n}`, path: `/wait/${ms}`, query: { n: `${n}.` } }));
    const suites = [{ name: 'checks', kind: 'http', priority: 'P1', checks }];
    await stack.#stack.deploy(webContainer());
    // What serves is known to be good before there are checks.
    await stack.#apply(configText());
    // Answers that are slow because the machine is busy are not what is measured.
    await stack.#apply(configText({ suites, tests: { workers, p95: '30s' } }));
    return stack;
  }

  now(): Date {
    return this.#container.ports.clock.now();
  }

  /** @param broken how the numbers of the checks end that answer 500 on the new revision; absent: none does */
  async run(broken?: string): Promise<ChecksRun> {
    const behaviour = broken === undefined ? {} : { BROKEN: `${broken}.` };
    const { build, deployments } = await this.#stack.build(webContainer(behaviour));
    const [deployment] = deployments;
    if (!deployment) throw new Error('the build deployed nothing');
    const before = this.store.counts;
    const arrivedAt = this.now();
    await this.#loop.ports.bus.publish('begin-validation', { kind: 'build', name: build.name });
    await this.#loop.drain();
    const { reads, writes } = this.store.counts;
    const runId = runIdOf(this.#stack.ref, deployment.revision, 1);
    return { runId, arrivedAt, reads: reads - before.reads, writes: writes - before.writes };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#opened.close(), this.#container.close()]);
    await this.#stack[Symbol.asyncDispose]();
  }

  async #apply(text: string): Promise<void> {
    const { config, digest } = parseConfig(text, 'bench.yaml');
    await this.#loop.finish(() => applyConfig(config, digest, this.#loop.ports));
  }
}
