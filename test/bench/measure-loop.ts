import { randomBytes } from 'node:crypto';
import type { WebHealth } from '../../infra/local/containers/web-container.ts';
import { webContainer } from '../../infra/local/containers/web-container.ts';
import type { ProfileName } from '../../infra/local/profile.ts';
import { parseConfig } from '../../shared/config/parse-config.ts';
import { durationMs } from '../../shared/contracts/duration.ts';
import { type RunId, runIdOf } from '../../shared/domain/ids.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import {
  createContainer,
  createLocalBus,
  type OpenStore,
  openFirestoreStore,
  openMemoryStore,
} from '../../shared/runtime/container.ts';
import { InProcess } from '../../shared/runtime/in-process.ts';
import { parseSettings } from '../../shared/runtime/settings.ts';
import { applyConfig } from '../../shared/services/apply-config.ts';
import { type RunReport, reportRun } from '../../shared/services/query-reports.ts';
import type { ConfigChanges } from '../stack/config-text.ts';
import { Stack } from '../stack/stack.ts';
import { CountingStore } from '../world/counting-store.ts';
import { counted } from './counted.ts';
import { type RunTimes, scheduledOf, timesOf } from './run-times.ts';

export interface LoopOptions {
  readonly profile: ProfileName;
  /** What the second deploy is like; the first is good. */
  readonly health: WebHealth;
  readonly config: ConfigChanges & { readonly health: { readonly interval: string } };
  /** True: both deploys echo their name in the header `x-revision`. */
  readonly named?: boolean;
  /** Of the local cloud's delays. Default 1. */
  readonly seed?: number;
  /** True: the second deploy comes without traffic, for modes gate and canary. */
  readonly noTraffic?: boolean;
  /** `host:port` of the Firestore emulator. Absent: the store is in memory. */
  readonly firestoreHost?: string | undefined;
}

export interface LoopMeasure extends RunTimes {
  readonly onboardingMs: number;
  /** What the config has the guard wait between the probes of the stage. */
  readonly scheduledMs: Readonly<Record<'health' | 'reverify', number>>;
  readonly reads: number;
  readonly writes: number;
  /** Calls of Cloud Run, and of Cloud Logging. */
  readonly runCalls: number;
  readonly logCalls: number;
  readonly report: RunReport;
}

/**
 * One good deploy that is put on board, then one whose build is announced, to the end of its run. The loop is in this
 * process, with its clients connected, as in a function that is warm.
 */
export async function measureLoop(options: LoopOptions): Promise<LoopMeasure> {
  const { firestoreHost } = options;
  const env = firestoreHost === undefined ? {} : { FIRESTORE_EMULATOR_HOST: firestoreHost };
  await using stack = await Stack.start(options.config, env, options.profile, options.seed);
  const container = createContainer(parseSettings(stack.env));
  const { clock, log } = container.ports;
  const opened = open(stack, clock);
  const store = new CountingStore(opened.store);
  const calls = { run: 0, logs: 0 };
  const run = counted(container.ports.run, () => calls.run++);
  const logs = counted(container.ports.logs, () => calls.logs++);
  const loop = new InProcess({ ...container.ports, store, run, logs }, createLocalBus(clock, log));
  try {
    const echo = options.named ? { REVISION_HEADER: 'x-revision' } : {};
    await stack.deploy(webContainer(echo));
    const onboardingMs = await onboard(stack, loop);
    const { build, deployments } = await stack.build(webContainer({ HEALTH: options.health, ...echo }), {
      noTraffic: options.noTraffic ?? false,
    });
    const before = { ...store.counts, ...calls };
    const arrivedAt = clock.now();
    await loop.ports.bus.publish('begin-validation', { kind: 'build', name: build.name });
    await loop.drain();
    const { reads, writes } = store.counts;
    const [deployment] = deployments;
    if (!deployment) throw new Error('the build deployed nothing');
    const report = await loadReport(opened, runIdOf(stack.ref, deployment.revision, 1));
    return {
      onboardingMs,
      ...timesOf(report, arrivedAt),
      scheduledMs: scheduledOf(report, durationMs(options.config.health.interval)),
      reads: reads - before.reads,
      writes: writes - before.writes,
      runCalls: calls.run - before.run,
      logCalls: calls.logs - before.logs,
      report,
    };
  } finally {
    await Promise.all([opened.close(), container.close()]);
  }
}

function open(stack: Stack, clock: Clock): OpenStore {
  const settings = parseSettings(stack.env);
  return settings.firestoreEmulatorHost === undefined
    ? openMemoryStore(clock)
    : openFirestoreStore(`bench-${randomBytes(6).toString('hex')}`, settings);
}

async function onboard(stack: Stack, loop: InProcess): Promise<number> {
  const file = 'deploy-loop.yaml';
  const { config, digest } = parseConfig(await stack.read(file), file);
  const startedMs = performance.now();
  await applyConfig(config, digest, loop.ports);
  await loop.drain();
  return performance.now() - startedMs;
}

async function loadReport({ store }: OpenStore, runId: RunId): Promise<RunReport> {
  const report = await reportRun(store, runId);
  if (report?.run.state !== 'closed') throw new Error(`run ${runId} did not end`);
  return report;
}
