import type { CloudRun } from '../../shared/ports/cloud-run.ts';
import type { World } from './world.ts';

type Send = CloudRun['updateTraffic'];

/** Puts something around each write of traffic by the guard. @param write calls `send`, or does not */
export function onTrafficWrites(
  world: World,
  write: (send: Send, ...change: Parameters<Send>) => Promise<void>,
  more: Partial<CloudRun> = {},
): void {
  world.intercept((_ports, hop) => {
    if (hop !== 'route-traffic') return {};
    const run = { ...world.cloudPort(), ...more };
    const updateTraffic: Send = (ref, change) => write(run.updateTraffic, ref, change);
    return { run: { ...run, updateTraffic } };
  });
}
