import type { DirectionName } from './directions/directions.ts';
import { directions } from './directions/directions.ts';
import { EmptyWorld } from './empty-world.ts';
import { disturbChecks } from './events/checks.ts';
import { beginSweeps } from './events/sweeps.ts';
import { Timeline } from './events/timeline.ts';
import { invariantsAround } from './invariants/all-invariants.ts';
import type { Violation } from './invariants/watch-invariants.ts';
import { Dice } from './kernel/dice.ts';
import { priorityScheduler } from './kernel/priority-scheduler.ts';
import type { SchedulerName } from './kernel/scheduler.ts';
import { uniformScheduler } from './kernel/uniform-scheduler.ts';
import { setUp } from './set-up.ts';
import type { SimWorld } from './sim-world.ts';

export interface SimulationOptions {
  /** @default 'everything' */
  readonly direction?: DirectionName;
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
  { direction: name = 'everything', trace = false }: SimulationOptions = {},
): Promise<SimulationResult> {
  const direction = directions[name];
  const dice = Dice.of(seed).fork(scheduler);
  const ofScheduler = dice.fork('scheduler');
  const world = new EmptyWorld(
    scheduler === 'uniform' ? uniformScheduler(ofScheduler) : priorityScheduler(ofScheduler),
    dice,
    { tells: trace, isCalm: !dice.fork('calm').chance(direction.faulty) },
  );
  const script = dice.fork('script');
  const setting = direction.setting(script);
  await setUp(setting, world);
  if (setting.checks.length > 0) disturbChecks(dice.fork('checks'), world);
  world.invariants.begin(world.services.flatMap(invariantsAround));
  const timeline = new Timeline(script, world);
  direction.begin(timeline, script, world);
  beginSweeps(timeline, world);
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

/** How runs and effects ended. */
function countOutcomes({ records, log }: SimWorld): void {
  for (const { outcome, verdict, action } of records.runs.values()) {
    log.count(`verdict ${verdict}`);
    if (action !== 'none') log.count(`action ${action}`);
    if (outcome) log.count(`outcome ${outcome.code}`);
  }
  for (const { stage, verdict } of records.decisions.values())
    if (stage === 'tests') log.count(`tests ${verdict}`);
  if (records.checksRun > 0) log.count('with checks');
  for (const runId of records.runs.keys()) if (records.lastFact(runId)?.checks) log.count('checks run again');
  for (const { kind, state, outcome } of records.effects.values())
    log.count(`effect ${kind} ${state} ${outcome?.code}`);
}
