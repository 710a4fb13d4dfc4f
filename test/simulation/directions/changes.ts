import type { Mode } from '../../../shared/domain/stages.ts';
import { changeConfig, changeVersion } from '../events/changes.ts';
import { deployAll, plainSetting, quickDeploy } from './deploys-of.ts';
import type { Direction } from './direction.ts';

/** Another config, or another version of Deploy Loop, in the middle of a run. */
export const changes: Direction = {
  faulty: 0.2,
  scenarios: [
    'config changes: notify',
    'config changes: longer watch',
    'records of an older version',
    'records of a newer version',
    'outcome restored',
  ],
  setting: (dice) => plainSetting(dice, { mode: dice.pick<Mode>(['guard', 'guard', 'canary']) }),
  begin: (timeline, dice, world) => {
    const plans = Array.from({ length: dice.between(1, 2) }, () => quickDeploy(0.4, dice));
    const [firstMs] = deployAll(plans, timeline, dice, world);
    const around = () => firstMs + dice.between(-20_000, 150_000);
    if (dice.chance(0.7)) timeline.at(around(), () => changeConfig(dice, world));
    if (dice.chance(0.5)) timeline.at(around(), () => changeVersion(dice, world));
  },
};
