import { webContainer } from '../../infra/local/containers/web-container.ts';
import { SeededRandom } from '../../infra/local/seeded-random.ts';
import { parseConfig } from '../../shared/contracts/parse-config.ts';
import { runIdOf } from '../../shared/domain/ids.ts';
import {
  createContainer,
  createLocalBus,
  openFirestore,
  openMemoryStore,
} from '../../shared/runtime/container.ts';
import { InProcess } from '../../shared/runtime/in-process.ts';
import { parseSettings } from '../../shared/runtime/settings.ts';
import { applyConfig } from '../../shared/services/apply-config.ts';
import { reportRun } from '../../shared/services/query-reports.ts';
import { loadShards } from '../../shared/services/tests/load-shards.ts';
import { configText } from '../stack/config-text.ts';
import { Stack } from '../stack/stack.ts';
import { CountingStore } from '../world/counting-store.ts';

export interface ChecksOptions {
  readonly checks: number;
  readonly workers: number;
  /** Which check answers 500 on the new revision; absent: none. */
  readonly broken?: number;
  /** `host:port` of the Firestore emulator. Absent: the store is in memory. */
  readonly firestoreHost?: string | undefined;
}

export interface ChecksMeasure {
  readonly verdict: string | undefined;
  /** From the first shard's start to the last one's end. */
  readonly makespanMs: number;
  /** All waits of the service shared evenly, or the longest. */
  readonly lowerBoundMs: number;
  /** From the last result to the decision of the stage. */
  readonly decisionMs: number;
  /** From the decision to the last worker's end. */
  readonly idleMs: number;
  readonly reads: number;
  readonly writes: number;
}

/** One deploy on the local stack whose checks wait 20 to 200 ms each at the service. */
export async function measureChecks(options: ChecksOptions): Promise<ChecksMeasure> {
  const { checks: count, workers, broken, firestoreHost } = options;
  const random = new SeededRandom(7);
  const waits = Array.from({ length: count }, () => Math.round(20 + 180 * random.fraction()));
  const checks = waits.map((ms, n) => ({ name: `check ${n}`, path: `/wait/${ms}`, query: { n: `${n}.` } }));
  const suites = [{ name: 'checks', kind: 'http', priority: 'P1', checks }];
  const env = firestoreHost === undefined ? {} : { FIRESTORE_EMULATOR_HOST: firestoreHost };
  const text = configText({ suites, tests: { workers } });
  await using stack = await Stack.start({}, env);
  const settings = parseSettings(stack.env);
  const container = createContainer(settings);
  const { clock, log } = container.ports;
  const opened =
    firestoreHost === undefined ? openMemoryStore(clock) : openFirestore(`bench-${Date.now()}`, settings);
  const store = new CountingStore(opened.store);
  const loop = new InProcess({ ...container.ports, store }, createLocalBus(clock, log));
  try {
    await stack.deploy(webContainer());
    const plain = parseConfig(configText({}), 'bench.yaml');
    await loop.finish(() => applyConfig(plain.config, plain.digest, loop.ports));
    const bound = parseConfig(text, 'bench.yaml');
    await loop.finish(() => applyConfig(bound.config, bound.digest, loop.ports));
    const { build, deployments } = await stack.build(
      webContainer(broken === undefined ? {} : { BROKEN: `n=${broken}.` }),
    );
    const before = { ...store.counts };
    await loop.ports.bus.publish('begin-validation', { kind: 'build', name: build.name });
    await loop.settle();
    const [deployment] = deployments;
    if (!deployment) throw new Error('the build deployed nothing');
    const runId = runIdOf(stack.ref, deployment.revision, 1);
    const report = await reportRun(opened.store, runId);
    const shards = await loadShards(opened.store, runId);
    const decidedMs = report?.decisions.find(({ stage }) => stage === 'tests')?.at.getTime() ?? Number.NaN;
    const startedMs = Math.min(...shards.map(({ startedAt }) => startedAt.getTime()));
    const endedMs = Math.max(...shards.map(({ endedAt }) => endedAt.getTime()));
    return {
      verdict: report?.run.verdict,
      makespanMs: endedMs - startedMs,
      lowerBoundMs: Math.max(waits.reduce((a, b) => a + b, 0) / workers, ...waits),
      decisionMs: decidedMs - endedMs,
      idleMs: endedMs - decidedMs,
      reads: store.counts.reads - before.reads,
      writes: store.counts.writes - before.writes,
    };
  } finally {
    await Promise.all([opened.close(), container.close()]);
  }
}
