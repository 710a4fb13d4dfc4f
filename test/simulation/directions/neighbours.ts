import type { Mode } from '../../../shared/domain/stages.ts';
import { loseRegion } from '../events/absences.ts';
import { deployAll, plainSetting, quickDeploy } from './deploys-of.ts';
import type { Direction } from './direction.ts';

const regions = ['us-central1', 'europe-west1'] as const;
const longMs = 25 * 60_000;

/** Several services under one config, deployed at about the same time; one of them may be in a region that is away. */
export const neighbours: Direction = {
  faulty: 0.2,
  scenarios: ['regions lost', 'outcome restored'],
  setting: (dice) => {
    const own = dice.pick<Mode>(['guard', 'guard', 'gate']);
    const near = Array.from({ length: dice.below(2) }, () => regions[0]);
    return plainSetting(dice, { mode: own, neighbours: [regions[1], ...near] });
  },
  begin: (timeline, dice, world) => {
    const forMs = dice.chance(0.5) ? longMs : dice.between(30_000, 900_000);
    const atMs = timeline.startMs + (dice.chance(0.5) ? 0 : dice.below(200_000));
    if (dice.chance(0.7)) {
      timeline.at(atMs, () => loseRegion(regions[1], forMs, world));
      timeline.lastMs = Math.max(timeline.lastMs, atMs + forMs);
    }
    for (const around of world.services) {
      const isOwn = around.cloud === world.cloud;
      const plans = Array.from({ length: isOwn ? dice.between(1, 2) : dice.below(2) }, () =>
        quickDeploy(0.4, dice),
      );
      deployAll(plans, timeline, dice, around);
    }
  },
};
