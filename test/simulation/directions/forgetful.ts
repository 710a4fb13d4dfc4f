import { orderOf } from '../../../shared/domain/revision.ts';
import { lastGoodMark } from '../../../shared/domain/traffic/plan-traffic.ts';
import type { Behaviour } from '../cloud/behaviour.ts';
import { deploy } from '../events/deploys.ts';
import { guardAnew } from '../events/guards.ts';
import { plainSetting, quickDeploy } from './deploys-of.ts';
import type { Direction } from './direction.ts';

/** Each deploy has a guard of its own, in a process that begins without records. */
export const forgetful: Direction = {
  faulty: 0,
  scenarios: [
    'guards without records',
    'outcome restored',
    'effect promote done promoted',
    'effect mark-good done recorded-good',
  ],
  setting: (dice) => plainSetting(dice, { known: true }),
  begin: (timeline, dice, world) => {
    const { cloud } = world;
    const [stable] = cloud.revisions;
    if (stable) cloud.annotations = { ...cloud.annotations, ...lastGoodMark(orderOf(stable.view())) };
    // No config is in force anywhere: the sweep finds the work of the guards, and no services.
    world.store.forget();
    world.records.forgetServices();
    let atMs = timeline.startMs;
    for (let n = dice.between(2, 3); n > 0; n--) {
      atMs += dice.between(400_000, 900_000);
      // Nobody watches what turns bad later.
      const behaviour: Behaviour = { kind: dice.chance(0.5) ? 'good' : 'bad' };
      const plan = { ...quickDeploy(0, dice), behaviour, byBuild: false };
      timeline.at(atMs, () => {
        const { name } = deploy(plan, world);
        world.kernel.after(plan.readyAfterMs + 1_000, () => guardAnew(name, world));
      });
    }
  },
};
