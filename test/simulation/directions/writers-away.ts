import type { Mode } from '../../../shared/domain/stages.ts';
import { sendWriterAway } from '../events/absences.ts';
import { deployAll, plainSetting, quickDeploy } from './deploys-of.ts';
import type { Direction } from './direction.ts';

const minuteMs = 60_000;

/** Whoever writes traffic is away for minutes or hours, and comes back to another world. */
export const writersAway: Direction = {
  faulty: 0.15,
  scenarios: ['writers cut off', 'writers who hear nothing', 'messages that nobody gets', 'outcome restored'],
  setting: (dice) => plainSetting(dice, { mode: dice.pick<Mode>(['guard', 'guard', 'gate', 'canary']) }),
  begin: (timeline, dice, world) => {
    const plans = Array.from({ length: dice.pick([1, 2, 2]) }, () => quickDeploy(0.2, dice));
    const [firstMs] = deployAll(plans, timeline, dice, world);
    const atMs = firstMs + dice.between(-20_000, 90_000);
    const minutes = dice.pick([
      () => dice.between(2, 14),
      () => dice.between(2, 14),
      () => dice.between(15, 35),
      () => (dice.chance(0.1) ? dice.between(60, 150) : dice.between(15, 30)),
    ])();
    timeline.at(atMs, () => sendWriterAway(minutes * minuteMs, dice, world));
    timeline.lastMs = Math.max(timeline.lastMs, atMs + minutes * minuteMs);
  },
};
