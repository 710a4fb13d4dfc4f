import { changes } from './changes.ts';
import { clocks } from './clocks.ts';
import type { Direction } from './direction.ts';
import { everything } from './everything.ts';
import { forgetful } from './forgetful.ts';
import { names } from './names.ts';
import { neighbours } from './neighbours.ts';
import { outages } from './outages.ts';
import { previews } from './previews.ts';
import { shares } from './shares.ts';
import { windows } from './windows.ts';
import { writersAway } from './writers-away.ts';

/** What schedules may be about, by name. */
export const directions = {
  everything,
  outages,
  previews,
  'writers-away': writersAway,
  shares,
  clocks,
  neighbours,
  names,
  changes,
  windows,
  forgetful,
} as const satisfies Readonly<Record<string, Direction>>;

export type DirectionName = keyof typeof directions;
export const directionNames = Object.keys(directions) as [DirectionName, ...DirectionName[]];
