import type { RunId } from '../domain/ids.ts';
import type { Ports } from '../ports/ports.ts';
import { createContainer, createLocalBus } from '../runtime/container.ts';
import { InProcess } from '../runtime/in-process.ts';
import { parseSettings } from '../runtime/settings.ts';
import type { CliIo } from './cli-io.ts';
import { Narrator } from './format/narrate.ts';
import { createProgress } from './format/progress.ts';
import { openStore, type StoreOptions, type StorePlace } from './options/store-options.ts';

/** All services in this process, with the caller's own credentials. */
export interface Loop {
  readonly ports: Ports;
  /** The runs that were opened or changed here. */
  runIds(): readonly RunId[];
  /** Starts some work, waits until it has ended, and reports progress. */
  finish<T>(begin: () => Promise<T>): Promise<T>;
}

/**
 * Runs a command that works with Cloud Run, over the records that its options name.
 * @throws {BadInputError} the records cannot be used
 * @throws {SettingsError} the environment cannot be used
 */
export async function withLoop<T>(
  options: StoreOptions & { readonly json?: true },
  io: CliIo,
  place: StorePlace,
  work: (loop: Loop) => Promise<T>,
): Promise<T> {
  const settings = parseSettings(io.env);
  const container = createContainer(settings, { commands: { kind: 'process', cwd: io.cwd } });
  const { clock, log } = container.ports;
  const opened = await openStore(options, { settings, clock, cwd: io.cwd, ...place });
  const progress = createProgress(io, options.json === true);
  const narrator = new Narrator(progress);
  const process = new InProcess(
    { ...container.ports, store: opened.store },
    createLocalBus(clock, log),
    narrator.onWrite,
  );
  try {
    return await work({
      ports: process.ports,
      runIds: () => process.runIds,
      async finish(begin) {
        const result = await process.finish(begin).finally(() => narrator.flush());
        progress.stop();
        return result;
      },
    });
  } finally {
    progress.stop();
    await Promise.all([opened.close(), container.close()]);
  }
}
