import type { Mode } from '../../../shared/domain/stages.ts';
import type { Dice } from '../kernel/dice.ts';
import type { Setting } from '../setting.ts';
import { deployAll, plainSetting, quickDeploy } from './deploys-of.ts';
import type { Direction } from './direction.ts';

/** Freeze windows open and end around deploys, while machines disagree about the time. */
export const windows: Direction = {
  faulty: 0.2,
  scenarios: [
    'rollbacks in a window',
    'outcome restored',
    'outcome freeze-window',
    'withheld, and told: freeze-window',
    'effect promote done promoted',
    'effect step done promoted',
  ],
  setting: (dice) => ({
    ...plainSetting(dice, { mode: dice.pick<Mode>(['guard', 'gate', 'gate', 'canary', 'canary']) }),
    freeze: Array.from({ length: dice.between(1, 3) }, () => drawWindow(dice)),
  }),
  begin: (timeline, dice, world) => {
    if (dice.chance(0.5))
      world.machines.setSkews(Array.from({ length: dice.between(2, 4) }, () => dice.between(-most, most)));
    const plans = Array.from({ length: dice.between(1, 2) }, () => quickDeploy(0.6, dice));
    deployAll(plans, timeline, dice, world);
  },
};

const most = 3_600_000;

/** In the minutes after the beginning of a schedule, at 9:00; some last for longer than a run can wait. */
function drawWindow(dice: Dice): NonNullable<Setting['freeze']>[number] {
  const length = dice.pick(['45s', '2m', '5m', '9h']);
  return { cron: `${dice.below(15)} 9 2 3 *`, for: length, tz: 'UTC' };
}
