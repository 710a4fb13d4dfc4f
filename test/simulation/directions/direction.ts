import type { Timeline } from '../events/timeline.ts';
import type { Dice } from '../kernel/dice.ts';
import type { Setting } from '../setting.ts';
import type { SimWorld } from '../sim-world.ts';

/** A biased mix of events: what schedules are about. */
export interface Direction {
  /** How large a part of its schedules has crashes, lost messages and the like as well. */
  readonly faulty: number;
  /** What must have happened in hundreds of schedules, or they show nothing. */
  readonly scenarios: readonly string[];
  setting(dice: Dice): Setting;
  /** Has all that happens in one schedule happen at its time. */
  begin(timeline: Timeline, dice: Dice, world: SimWorld): void;
}
