import type { DirectionName } from './directions/directions.ts';
import type { SchedulerName } from './kernel/scheduler.ts';
import { simulate } from './simulate.ts';

/** One schedule told in full: what happened, what was broken by it, and how to see it again. */
export async function describeSchedule(
  direction: DirectionName,
  seed: number,
  scheduler: SchedulerName,
): Promise<string> {
  const { trace, violations, steps } = await simulate(seed, scheduler, { direction, trace: true });
  const broken = violations.map(({ promise, detail }) => `  not kept: ${promise}\n            ${detail}`);
  return [
    `schedule ${seed} of ${direction}, the ${scheduler} scheduler, ${steps} steps; seconds, who, what:`,
    ...trace,
    ...(broken.length > 0 ? broken : ['  every promise was kept']),
    `  again: npm run simulate -- --direction ${direction} --seed ${seed} --scheduler ${scheduler} --trace`,
  ].join('\n');
}
