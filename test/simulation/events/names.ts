import type { Dice } from '../kernel/dice.ts';
import type { SimWorld } from '../sim-world.ts';
import { deploy, drawDeploy } from './deploys.ts';

/** A revision is deleted, and another is deployed under its name. */
export function useNameAgain(dice: Dice, world: SimWorld): void {
  const { cloud, log } = world;
  const idle = cloud.revisions.filter((revision) => !revision.deleted);
  const gone = idle.find((revision) => cloud.remove(revision));
  if (!gone) return;
  log.count('names used again');
  log.tell('human', `deletes ${gone.name}, and deploys another ${gone.name}`);
  deploy({ ...drawDeploy(dice), readyAfterMs: dice.between(1_000, 15_000) }, world, { name: gone.name });
}
