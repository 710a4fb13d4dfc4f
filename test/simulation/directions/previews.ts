import { edits, editTraffic } from '../events/human.ts';
import { deployPreview, editTags } from '../events/previews.ts';
import { deployAll, plainSetting, quickDeploy } from './deploys-of.ts';
import type { Direction } from './direction.ts';

/** Revisions that are for few: deployed without traffic, beside those for users. */
export const previews: Direction = {
  faulty: 0.2,
  scenarios: ['previews', 'LATEST by name', 'tags by people', 'human edits', 'outcome restored'],
  setting: (dice) => plainSetting(dice),
  begin: (timeline, dice, world) => {
    const plans = Array.from({ length: dice.between(1, 2) }, () => quickDeploy(0.4, dice));
    const [firstMs] = deployAll(plans, timeline, dice, world);
    const around = () => firstMs + dice.between(-30_000, 400_000);
    for (let n = dice.between(1, 3); n > 0; n--) {
      const plan = quickDeploy(0.5, dice);
      const tag = dice.chance(0.6) ? `pr-${n}` : undefined;
      const preview = () => deployPreview(plan, tag, world);
      if (dice.chance(0.6)) timeline.at(around(), preview);
      else timeline.before(dice.pick(['run.updateTraffic', 'prober.probe']), dice.between(1, 6), preview);
    }
    for (let n = dice.below(3); n > 0; n--) timeline.at(around(), () => editTags(dice, world));
    const edit = dice.pick(edits);
    if (dice.chance(0.4)) timeline.at(around(), () => editTraffic(edit, world));
  },
};
