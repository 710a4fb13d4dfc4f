import type { Direction } from './direction.ts';
import { everything } from './everything.ts';

/** What simulations may be about, by name. */
export const directions = { everything } as const satisfies Readonly<Record<string, Direction>>;

export type DirectionName = keyof typeof directions;
export const directionNames = Object.keys(directions) as [DirectionName, ...DirectionName[]];
