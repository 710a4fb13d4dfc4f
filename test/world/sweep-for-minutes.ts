import type { World } from './world.ts';

/** The sweep runs each minute; what is left after some of them is left for good. */
export async function sweepForMinutes(world: World, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    await world.clock.sleep(60_000);
    await world.sweep();
  }
}
