import { resolve } from 'node:path';
import { Option } from 'commander';
import { DeployLoopError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import {
  type OpenStore,
  openFileStore,
  openFirestoreStore,
  openMemoryStore,
} from '../../runtime/container.ts';
import type { Settings } from '../../runtime/settings.ts';
import { BadInputError } from '../exit/bad-input-error.ts';
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
export const recordsOption = new Option(
  '--records <file>',
  'use the records in a file, which several commands may share',
).conflicts('firestore');

/**
 * The options as a person types them for another command; undefined: the records end with the process.
 * @param project of the command, which `--firestore` alone stands for
 */
export function recordsOptionsOf({
  firestore,
  records,
  project = 'PROJECT',
}: StoreOptions & { readonly project?: string | undefined }): string | undefined {
  if (firestore !== undefined) return `--firestore ${firestore === true ? project : firestore}`;
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
 * @throws {BadInputError} the file cannot be used, or no project is named
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

/** @throws {BadInputError} the file cannot be used; nothing was done */
async function openFile(
  file: string,
  { clock, cwd, mustExist = false, readOnly = false }: Context,
): Promise<OpenStore> {
  try {
    return await openFileStore({ file, path: resolve(cwd, file) }, { mustExist, readOnly }, clock);
  } catch (error) {
    if (error instanceof DeployLoopError) throw new BadInputError(error.message, { cause: error });
    throw error;
  }
}
