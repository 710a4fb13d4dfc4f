import type { Mode } from '../../../shared/domain/stages.ts';
import type { Outage } from '../cloud/outage.ts';
import { failDependency } from '../events/dependency.ts';
import { deployAll, plainSetting, quickDeploy } from './deploys-of.ts';
import type { Direction } from './direction.ts';

/** Whatever all revisions need is away, shortly or for long, before a deploy and after it. */
export const outages: Direction = {
  faulty: 0.25,
  scenarios: ['dependency failures', 'effect rollback done rolled-back', 'outcome restored'],
  setting: (dice) => plainSetting(dice, { mode: dice.pick<Mode>(['guard', 'guard', 'gate', 'canary']) }),
  begin: (timeline, dice, world) => {
    const plans = Array.from({ length: dice.between(1, 2) }, () => quickDeploy(0.6, dice));
    const [firstMs, lastMs] = deployAll(plans, timeline, dice, world);
    for (let n = dice.between(1, 3); n > 0; n--) {
      const outage = dice.pick<Outage>(['unavailable', 'timeout', 'users', 'as-they-fail']);
      const forMs = dice.between(3_000, 90_000);
      const atMs = (dice.chance(0.7) ? firstMs : lastMs) + dice.between(-60_000, 180_000);
      timeline.at(atMs, () => failDependency(forMs, world, outage));
    }
  },
};
