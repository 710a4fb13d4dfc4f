import { access, constants, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Option } from 'commander';
import type { Clock } from '../../ports/clock.ts';
import { type OpenStore, openFirestoreStore, openMemoryStore } from '../../runtime/container.ts';
import type { Settings } from '../../runtime/settings.ts';
import { BadInputError } from '../exit/bad-input-error.ts';
import { errorCodeOf } from '../input/error-code-of.ts';
import { quoteArgument } from './quote-argument.ts';

export interface StoreOptions {
  /** Google Cloud project of the database; `true`: the command's own project. */
  readonly firestore?: string | true;
  readonly records?: string;
}

export const firestoreOption = new Option(
  '--firestore [project]',
  'use the records in Firestore, in this project',
);
export const recordsOption = new Option('--records <file>', 'use the records in a file').conflicts(
  'firestore',
);

/** The options as a person types them; undefined: the records end with the process. */
export function recordsOptionsOf({ firestore, records }: StoreOptions): string | undefined {
  if (firestore !== undefined) return firestore === true ? '--firestore' : `--firestore ${firestore}`;
  return records === undefined ? undefined : `--records ${quoteArgument(records)}`;
}

/** What a command needs from its records. */
export interface StorePlace {
  /** The project of the database if `--firestore` names none. */
  readonly project?: string | undefined;
  /** True: a missing file is an error. */
  readonly mustExist?: boolean;
  /** True: the command writes nothing. */
  readonly readOnly?: boolean;
}

interface Context extends StorePlace {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly cwd: string;
}

/** @throws {BadInputError} the options name no records */
export function assertRecordsNamed({ firestore, records }: StoreOptions): void {
  if (firestore === undefined && records === undefined)
    throw new BadInputError('specify the records: --firestore PROJECT or --records FILE');
}

/**
 * Opens the store that the options name; without options, a store that lasts as long as the process.
 * @throws {BadInputError} the file contains no records, or no project is named
 */
export async function openStore(options: StoreOptions, context: Context): Promise<OpenStore> {
  if (options.firestore !== undefined) {
    const project = options.firestore === true ? context.project : options.firestore;
    if (project === undefined) throw new BadInputError('--firestore needs a project: --firestore PROJECT');
    return openFirestoreStore(project, context.settings);
  }
  if (options.records === undefined) return openMemoryStore(context.clock);
  return openFile(options.records, context);
}

/** A memory store that is loaded from a file and written back as a whole when it is closed. */
async function openFile(
  file: string,
  { clock, cwd, mustExist = false, readOnly = false }: Context,
): Promise<OpenStore> {
  const path = resolve(cwd, file);
  const snapshot = await readSnapshot(file, path, mustExist);
  const open = parseSnapshot(file, snapshot, clock);
  if (!readOnly) await assertFolderIsWritable(file, path);
  return {
    store: open.store,
    async close() {
      const text = open.toJson?.();
      if (text === undefined || text === snapshot) return;
      // Renamed into place, so that a crash leaves the old file and never half of the new one.
      const draft = `${path}.${process.pid}.tmp`;
      await writeFile(draft, text, { mode: 0o600 });
      await rename(draft, path);
    },
  };
}

/** Checked at the start: a run whose records cannot be saved should not begin. */
async function assertFolderIsWritable(file: string, path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK);
  } catch (cause) {
    const why = errorCodeOf(cause) === 'ENOENT' ? 'does not exist' : 'is not writable';
    throw new BadInputError(`${file} cannot be written: its folder ${why}`, { cause });
  }
}

function parseSnapshot(file: string, snapshot: string | undefined, clock: Clock): OpenStore {
  try {
    return openMemoryStore(clock, snapshot);
  } catch (cause) {
    throw new BadInputError(`${file} contains no records of deploy-loop`, { cause });
  }
}

async function readSnapshot(file: string, path: string, mustExist: boolean): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const missing = errorCodeOf(cause) === 'ENOENT';
    if (missing && !mustExist) return undefined;
    throw new BadInputError(missing ? `${file} does not exist` : `${file} cannot be read`, { cause });
  }
}
