import type { SimWorld } from '../sim-world.ts';
import type { Timeline } from './timeline.ts';

const minuteMs = 60_000;
/** How long the sweep gets to finish everything once nothing happens any more. */
const patienceMs = 6 * 3_600_000;
/** Sweeps over a service at rest, the longer the later. */
const restMs = [minuteMs, minuteMs, 20 * minuteMs, 60 * minuteMs] as const;

/** The sweep of each minute; at rest it is left out for a while, and at last it ends. */
export function beginSweeps({ lastMs: lastEventMs }: Timeline, world: SimWorld): void {
  const { kernel, bus, faults } = world;
  let rests = 0;
  let writes = 0;
  const sweep = () => {
    const isOver = kernel.nowMs > lastEventMs;
    faults.active = kernel.nowMs < lastEventMs + 3_600_000;
    rests = isOver && isAtRest(world) && world.records.writes === writes ? rests + 1 : 0;
    writes = world.records.writes;
    const next = restMs[Math.max(0, rests - 1)];
    if (next === undefined || isTooLate(kernel.nowMs - lastEventMs, world)) return;
    world.invariants.onSweep();
    bus.publish('sweep-stale-runs', {});
    kernel.after(next, sweep);
  };
  kernel.after(minuteMs / 2, sweep);
}

/** What is looked at again and again for ever, is so once more to its end. */
function isTooLate(quietMs: number, world: SimWorld): boolean {
  return quietMs > 2 * patienceMs || (quietMs > patienceMs && isAtRest(world));
}

/** True: nobody works on anything. */
export function isAtRest({ bus, records }: SimWorld): boolean {
  if (bus.pending > 0) return false;
  for (const { state } of records.runs.values()) if (state !== 'closed') return false;
  for (const { state } of records.effects.values()) if (state === 'open') return false;
  return true;
}
