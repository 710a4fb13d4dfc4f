import { MemoryStore } from '../../shared/adapters/memory/memory-store.ts';
import type { Config } from '../../shared/contracts/config.ts';
import { World } from './world.ts';

/** A world, and the store that it is kept in, to take its records to a file. */
export async function worldInMemory(
  config: Config,
): Promise<{ readonly world: World; readonly memory: MemoryStore }> {
  let memory: MemoryStore | undefined;
  const world = await World.create({
    config,
    wrap: (store) => {
      if (store instanceof MemoryStore) memory = store;
      return store;
    },
  });
  if (!memory) throw new Error('the world has no store in memory');
  return { world, memory };
}
