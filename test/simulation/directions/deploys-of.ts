import type { Behaviour } from '../cloud/behaviour.ts';
import { type DeployPlan, deploy, drawDeploy } from '../events/deploys.ts';
import type { Timeline } from '../events/timeline.ts';
import type { Dice } from '../kernel/dice.ts';
import type { Setting } from '../setting.ts';
import type { SimWorld } from '../sim-world.ts';

/** What most schedules of a direction begin with: deploys move traffic, and nobody runs checks. */
export function plainSetting(dice: Dice, changes: Partial<Setting> = {}): Setting {
  const requestLog = dice.pick<'auto' | 'off'>(['auto', 'off']);
  return { mode: 'guard', known: dice.chance(0.9), requestLog, checks: [], ...changes };
}

/** A deploy that is ready soon; with that probability it is good all the time. */
export function quickDeploy(goodness: number, dice: Dice): DeployPlan {
  const plan = drawDeploy(dice);
  const good: Behaviour = { kind: 'good' };
  return {
    ...plan,
    behaviour: dice.chance(goodness) ? good : plan.behaviour,
    readyAfterMs: dice.between(1_000, 12_000),
    becomesReady: dice.chance(0.97),
    async: false,
  };
}

/** Deploys to users, one after another. @returns when the first and the last of them begin */
export function deployAll(
  plans: readonly DeployPlan[],
  timeline: Timeline,
  dice: Dice,
  world: SimWorld,
): readonly [firstMs: number, lastMs: number] {
  const firstMs = timeline.startMs + dice.between(5_000, 60_000);
  let atMs = firstMs;
  for (const [n, plan] of plans.entries()) {
    if (n > 0) atMs += dice.chance(0.3) ? dice.below(30_000) : dice.between(60_000, 500_000);
    timeline.at(atMs, () => deploy(plan, world));
  }
  return [firstMs, atMs];
}
