import type { FunctionsStackOptions } from '../stack/functions/functions-stack.ts';
import { ChaosStack, type Plot } from './chaos-stack.ts';
import { endOf, killAtEach, killOneByOne, serviceOf } from './kill-at-each.ts';
import type { KillPoint } from './kill-point.ts';

/** Starts take long where many of them run at once. */
export const chaosTimeoutMs = 300_000;

export type End = Awaited<ReturnType<typeof endOf>>;

/** How a run ends that nothing disturbs, and how each of those ended that lost a process. */
export interface Played {
  /** What the undisturbed run wrote, in order of time. */
  readonly commits: ReturnType<ChaosStack['commitsOf']>;
  readonly normal: End;
  /** In the order of the points. */
  readonly ends: readonly End[];
}

/** Pub/Sub delivers again what no process acknowledged, for far longer than a restart takes. */
export async function playRedelivery(plot: Plot, points: readonly KillPoint[]): Promise<Played> {
  await using chaos = await openChaos(plot, points, { maxDeliveryAttempts: 100 });
  const undisturbed = await playUndisturbed(chaos);
  const deployed = await killAtEach(chaos, points);
  await chaos.stack.pipeline.idle();
  return { ...undisturbed, ends: await Promise.all(deployed.map((one) => endOf(chaos, one))) };
}

/** Pub/Sub gives up at once, so that only the clock is left. */
export async function playSweep(plot: Plot, points: readonly KillPoint[]): Promise<Played> {
  await using chaos = await openChaos(plot, points, { maxDeliveryAttempts: 1, sweepEveryMs: 5_000 });
  const undisturbed = await playUndisturbed(chaos);
  const deployed = await killOneByOne(chaos, points);
  await Promise.all(deployed.map(({ runId }) => chaos.stack.closed(runId)));
  return { ...undisturbed, ends: await Promise.all(deployed.map((one) => endOf(chaos, one))) };
}

async function openChaos(
  plot: Plot,
  points: readonly KillPoint[],
  options: FunctionsStackOptions,
): Promise<ChaosStack> {
  const services = ['undisturbed', ...points.map((point) => serviceOf(points, point))];
  const emulatorHost = process.env.FIRESTORE_EMULATOR_HOST ?? '';
  return await ChaosStack.start(plot, emulatorHost, { ...options, services });
}

async function playUndisturbed(chaos: ChaosStack): Promise<Omit<Played, 'ends'>> {
  const { stack } = chaos;
  const deployed = await chaos.deploy('undisturbed');
  await stack.closed(deployed.runId);
  await stack.pipeline.idle();
  return { commits: chaos.commitsOf(deployed), normal: await endOf(chaos, deployed) };
}
