import { deploy } from '../events/deploys.ts';
import { giveShare, nameLatest } from '../events/previews.ts';
import { plainSetting, quickDeploy } from './deploys-of.ts';
import type { Direction } from './direction.ts';

/** People give a part of the users to revisions of which no build ever told. */
export const shares: Direction = {
  faulty: 0.15,
  scenarios: ['shares by people', 'LATEST by name'],
  setting: (dice) => plainSetting(dice),
  begin: (timeline, dice, world) => {
    let atMs = timeline.startMs + dice.between(5_000, 60_000);
    for (let n = dice.between(1, 2); n > 0; n--) {
      const plan = { ...quickDeploy(0.2, dice), byBuild: false };
      timeline.at(atMs, () => {
        nameLatest(world);
        deploy(plan, world);
      });
      atMs += plan.readyAfterMs + dice.between(6_000, 300_000);
      const percent = dice.pick([10, 20, 40, 50]);
      timeline.at(atMs, () => giveShare(percent, dice, world));
      atMs += dice.between(10_000, 900_000);
    }
    const plan = quickDeploy(0.5, dice);
    if (dice.chance(0.25)) timeline.at(atMs, () => deploy(plan, world));
  },
};
