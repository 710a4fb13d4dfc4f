import { openStore } from '../../shared/cli/options/store-options.ts';
import { createContainer, createLocalBus } from '../../shared/runtime/container.ts';
import { InProcess } from '../../shared/runtime/in-process.ts';
import { parseSettings } from '../../shared/runtime/settings.ts';
import { recordsFile, type Stack } from './stack.ts';

/** What the function that comes each minute would do with the records of a stack. Resolves when it is all done. */
export async function sweepRecords({ env, folder: cwd }: Stack): Promise<void> {
  const settings = parseSettings(env);
  const container = createContainer(settings);
  const { clock, log } = container.ports;
  const opened = await openStore({ records: recordsFile }, { settings, clock, cwd, project: undefined });
  try {
    const loop = new InProcess({ ...container.ports, store: opened.store }, createLocalBus(clock, log));
    await loop.finish(() => loop.ports.bus.publish('sweep-stale-runs', {}));
  } finally {
    await Promise.all([opened.close(), container.close()]);
  }
}
