import type { Mode } from '../../../shared/domain/stages.ts';
import { edits, editTraffic } from '../events/human.ts';
import { useNameAgain } from '../events/names.ts';
import { deployAll, plainSetting, quickDeploy } from './deploys-of.ts';
import type { Direction } from './direction.ts';

/** Revisions are deleted, and others are made under their names. */
export const names: Direction = {
  faulty: 0.2,
  scenarios: ['names used again', 'outcome restored', 'effect mark-good done recorded-good'],
  setting: (dice) => plainSetting(dice, { mode: dice.pick<Mode>(['guard', 'guard', 'gate']) }),
  begin: (timeline, dice, world) => {
    const plans = Array.from({ length: dice.between(1, 2) }, () => quickDeploy(0.5, dice));
    const [, lastMs] = deployAll(plans, timeline, dice, world);
    let atMs = lastMs;
    for (let n = dice.between(1, 2); n > 0; n--) {
      atMs += dice.between(20_000, 400_000);
      timeline.at(atMs, () => useNameAgain(dice, world));
    }
    const edit = dice.pick(edits);
    if (dice.chance(0.2)) timeline.at(atMs + dice.below(200_000), () => editTraffic(edit, world));
  },
};
