import { documentIn } from '../../shared/contracts/document.ts';
import { services } from '../../shared/contracts/records.ts';
import { type ConfigDigest, hashOf, runIdOf, serviceKeyOf } from '../../shared/domain/ids.ts';
import { canonicalJson } from '../../shared/domain/json.ts';
import type { Mode } from '../../shared/domain/stages.ts';
import { create } from '../../shared/ports/store.ts';
import { putInForce, storeConfig } from '../../shared/services/apply-config.ts';
import { EmptyWorld } from './empty-world.ts';
import { deployFirst } from './events/deploys.ts';
import { ask, beginScript } from './events/script.ts';
import { beginSweeps } from './events/sweeps.ts';
import { allInvariants } from './invariants/all-invariants.ts';
import type { Violation } from './invariants/watch-invariants.ts';
import { Dice } from './kernel/dice.ts';
import { priorityScheduler } from './kernel/priority-scheduler.ts';
import type { SchedulerName } from './kernel/scheduler.ts';
import { uniformScheduler } from './kernel/uniform-scheduler.ts';
import { simConfig } from './sim-config.ts';
import type { SimWorld } from './sim-world.ts';

export interface SimulationOptions {
  /** True: tell the story of the schedule in full. */
  readonly trace?: boolean;
}

export interface SimulationResult {
  readonly ok: boolean;
  readonly steps: number;
  readonly violations: readonly Violation[];
  /** Empty unless it was asked for. */
  readonly trace: readonly string[];
  /** How often what was reached. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Plays one schedule of the real services in a simulated world: the same seed, the same schedule. */
export async function simulate(
  seed: number,
  scheduler: SchedulerName,
  { trace = false }: SimulationOptions = {},
): Promise<SimulationResult> {
  const dice = Dice.of(seed).fork(scheduler);
  const ofScheduler = dice.fork('scheduler');
  const world = new EmptyWorld(
    scheduler === 'uniform' ? uniformScheduler(ofScheduler) : priorityScheduler(ofScheduler),
    dice,
    trace,
  );
  const script = dice.fork('script');
  await setUp(drawSetting(script), world);
  world.invariants.begin(allInvariants(world));
  beginSweeps(beginScript(script, world), world);
  try {
    await world.kernel.run();
    world.invariants.atEnd();
  } catch (error) {
    world.invariants.report('a schedule comes to rest', String(error));
  }
  countOutcomes(world);
  const { violations } = world.invariants;
  const { lines, counts } = world.log;
  return { ok: violations.length === 0, steps: world.kernel.steps, violations, trace: lines, counts };
}

interface Setting {
  readonly mode: Mode;
  /** False: it is still to be found out whether what serves is good. */
  readonly known: boolean;
  readonly requestLog: 'auto' | 'off';
}

function drawSetting(dice: Dice): Setting {
  const mode = dice.pick<Mode>(['guard', 'guard', 'guard', 'gate', 'canary']);
  return { mode, known: dice.chance(0.8), requestLog: dice.pick(['auto', 'auto', 'off']) };
}

/** A service that serves, under a config in force; known to be good, or to be found out. */
async function setUp({ mode, known, requestLog }: Setting, world: SimWorld): Promise<void> {
  const { store, kernel, cloud } = world;
  const clock = { now: () => new Date(kernel.nowMs) };
  const config = simConfig(mode, requestLog);
  const digest = hashOf(canonicalJson(config)) as ConfigDigest;
  await storeConfig(config, digest, { store, clock: { ...clock, ...noTime } });
  await putInForce(digest, { store, clock: { ...clock, ...noTime } });
  const revision = deployFirst(world);
  if (known) {
    const all = mode === 'guard' ? { percent: 100 } : { revision, percent: 100 };
    cloud.editTraffic([all, { revision, percent: 0, tag: 'deploy-loop-stable' }]);
    const createTime = cloud.find(revision)?.view().createTime ?? clock.now();
    const runId = runIdOf(cloud.ref, revision, 1);
    const good = { revision, createTime, runId, at: clock.now(), short: false };
    const record = { ref: cloud.ref, name: cloud.ref.service, lastGood: [good], rollbacks: [] };
    await store.commit([create(documentIn(services, serviceKeyOf(cloud.ref)), record)]);
  }
  cloud.settleNow();
  if (!known) ask('apply', world);
}

const noTime = { monotonicMs: () => 0, sleep: () => Promise.resolve() };

function countOutcomes({ records, log }: SimWorld): void {
  for (const { outcome, verdict, action } of records.runs.values()) {
    log.count(`verdict ${verdict}`);
    if (action !== 'none') log.count(`action ${action}`);
    if (outcome) log.count(`outcome ${outcome.code}`);
  }
  for (const { kind, state, outcome } of records.effects.values())
    log.count(`effect ${kind} ${state} ${outcome?.code}`);
}
