import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import { assertCredentials, createClock, type OpenStore } from '../runtime/container.ts';
import { parseSettings } from '../runtime/settings.ts';
import type { CliIo } from './cli-io.ts';
import {
  assertRecordsNamed,
  openStore,
  type StoreOptions,
  type StorePlace,
} from './options/store-options.ts';

/**
 * Opens the records that the options name, for a command that only queries or edits them.
 * @throws {BadInputError} the options name no records, or the records do not exist
 */
export async function withStore<T>(
  options: StoreOptions,
  io: CliIo,
  work: (store: Store, clock: Clock) => Promise<T>,
  { readOnly = true }: Pick<StorePlace, 'readOnly'> = {},
): Promise<T> {
  assertRecordsNamed(options);
  const clock = createClock();
  const settings = parseSettings(io.env);
  const opened: OpenStore = await openStore(options, {
    settings,
    clock,
    cwd: io.cwd,
    mustExist: true,
    readOnly,
  });
  try {
    if (options.firestore !== undefined && settings.firestoreEmulatorHost === undefined)
      await assertCredentials(settings);
    return await work(opened.store, clock);
  } finally {
    await opened.close();
  }
}
