import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import { createClock, type OpenStore } from '../runtime/container.ts';
import { parseSettings } from '../runtime/settings.ts';
import { BadInputError } from './bad-input-error.ts';
import type { CliIo } from './cli-io.ts';
import { openStore, type StoreOptions } from './store-options.ts';

/**
 * Opens the records that the options name, for a command that only asks or edits them.
 * @throws {BadInputError} none are named, or they are not there
 */
export async function withStore<T>(
  options: StoreOptions,
  io: CliIo,
  work: (store: Store, clock: Clock) => Promise<T>,
): Promise<T> {
  if (options.firestore === undefined && options.records === undefined) {
    throw new BadInputError('say where the records are: --firestore PROJECT, or --records FILE');
  }
  const clock = createClock();
  const opened: OpenStore = await openStore(options, {
    settings: parseSettings(io.env),
    clock,
    cwd: io.cwd,
    mustExist: true,
  });
  try {
    return await work(opened.store, clock);
  } finally {
    await opened.close();
  }
}
