import type { Mode } from '../../../shared/domain/stages.ts';
import { failDependency } from '../events/dependency.ts';
import { edits, editTraffic } from '../events/human.ts';
import type { Dice } from '../kernel/dice.ts';
import { deployAll, plainSetting, quickDeploy } from './deploys-of.ts';
import type { Direction } from './direction.ts';

/** No two machines agree about the time, by up to an hour. */
export const clocks: Direction = {
  faulty: 0.2,
  scenarios: ['outcome restored', 'effect mark-good done recorded-good', 'effect promote done promoted'],
  setting: (dice) => plainSetting(dice, { mode: dice.pick<Mode>(['guard', 'guard', 'gate', 'canary']) }),
  begin: (timeline, dice, world) => {
    world.machines.setSkews(Array.from({ length: dice.between(2, 4) }, () => skewMs(dice)));
    const plans = Array.from({ length: dice.between(1, 3) }, () => quickDeploy(0.4, dice));
    const [firstMs] = deployAll(plans, timeline, dice, world);
    const around = () => firstMs + dice.between(-20_000, 200_000);
    const edit = dice.pick(edits);
    if (dice.chance(0.2)) timeline.at(around(), () => editTraffic(edit, world));
    const forMs = dice.between(3_000, 90_000);
    if (dice.chance(0.2)) timeline.at(around(), () => failDependency(forMs, world));
  },
};

function skewMs(dice: Dice): number {
  const most = dice.pick([0, 5_000, 120_000, 1_200_000, 3_600_000]);
  return dice.between(-most, most);
}
