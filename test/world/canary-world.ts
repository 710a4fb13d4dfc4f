import { aConfig, aServiceConfig, type ServiceChanges } from '../builders.ts';
import { users } from './users.ts';
import { World } from './world.ts';

export const canary = aServiceConfig({
  mode: 'canary',
  steps: [
    { percent: 5, hold: '2m' },
    { percent: 50, hold: '2m' },
    { percent: 100, hold: '2m' },
  ],
  watch: { for: '2m', minimum: '60s', interval: '10s' },
});

/** All traffic is fixed on web-1, which is good; web-2 and web-3 have users enough as soon as they are there. */
export async function aCanaryWorld(changes: ServiceChanges = {}): Promise<World> {
  const world = await World.create({ config: aConfig(aServiceConfig({ ...canary, ...changes })) });
  await world.deployGood('web-1');
  await world.fixTraffic(['web-1', 100]);
  for (const revision of ['web-1', 'web-2', 'web-3']) world.cloud.users.set(revision, users(100));
  return world;
}

/** Whether the guard has ever written this share for a revision. */
export function hasWritten(world: World, revision: string, percent: number): boolean {
  return world.cloud.writes.some(({ traffic }) =>
    traffic.some((target) => target.revision === revision && target.percent === percent),
  );
}
