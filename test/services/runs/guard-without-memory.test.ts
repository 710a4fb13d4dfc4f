import { expect, it } from '@jest/globals';
import { MemoryStore } from '../../../shared/adapters/memory/memory-store.ts';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import type { Store } from '../../../shared/ports/store.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

/** A world and what empties its store: each guard of a laptop or of a build begins with a new one. */
async function aForgetfulWorld(): Promise<{ world: World; forget: () => Promise<void> }> {
  let memory: Store | undefined;
  const wrap = (first: Store): Store => {
    memory = first;
    const now = () => memory ?? first;
    return {
      get: (ref) => now().get(ref),
      find: (query) => now().find(query),
      countAndSum: (collection, field) => now().countAndSum(collection, field),
      commit: (writes) => now().commit(writes),
    };
  };
  const world = await World.create({ wrap });
  const stable = await world.deployGood('web-1');
  const forget = async () => {
    memory = new MemoryStore(world.clock);
    await world.applyConfig();
    await world.recordGood(stable);
  };
  return { world, forget };
}

it.each([
  ['', []],
  [', and again when its first write never arrives', [{ kind: 'dropped' }]],
] as const)(
  'a guard without a memory rolls back again what another has rolled back before%s',
  async (_what, faults) => {
    const { world, forget } = await aForgetfulWorld();
    world.cloud.deploy(world.ref, 'web-2', { behaviour: answers.unavailable });
    await world.ask('web-2', 'guard');
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    await world.clock.sleep(24 * 3_600_000);
    // A person gives it another try, and has the next guard look.
    const share = { revision: 'web-2' as RevisionName, percent: 100 };
    world.cloud.editTraffic(world.ref, [share, ...(await world.tags())]);
    await forget();
    world.cloud.writeFaults.push(...faults);
    await world.ask('web-2', 'guard');
    expect(world.cloud.writes).toHaveLength(2);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  },
);
