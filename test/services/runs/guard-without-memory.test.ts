import { expect, it } from '@jest/globals';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import { answers } from '../../world/fake-cloud.ts';
import { ForgetfulWorld } from '../../world/forgetful-world.ts';

it.each([
  ['', []],
  [', and again when its first write never arrives', [{ kind: 'dropped' }]],
] as const)(
  'a guard without a memory rolls back again what another has rolled back before%s',
  async (_what, faults) => {
    const world = await ForgetfulWorld.begin();
    world.cloud.deploy(world.ref, 'web-2', { behaviour: answers.unavailable });
    await world.ask('web-2', 'guard');
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    await world.clock.sleep(24 * 3_600_000);
    // A person gives it another try, and has the next guard look.
    const share = { revision: 'web-2' as RevisionName, percent: 100 };
    world.cloud.editTraffic(world.ref, [share, ...(await world.tags())]);
    await world.forget();
    world.cloud.writeFaults.push(...faults);
    await world.guard('web-2');
    expect(world.cloud.writes).toHaveLength(2);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  },
);
