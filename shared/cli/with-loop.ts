import type { RunId } from '../domain/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ports } from '../ports/ports.ts';
import { assertCredentials, createContainer, createLocalBus } from '../runtime/container.ts';
import { InProcess } from '../runtime/in-process.ts';
import { parseSettings } from '../runtime/settings.ts';
import { type StopCause, StoppedError } from '../runtime/stop/stopped-error.ts';
import type { CliIo } from './cli-io.ts';
import { CommandExit } from './exit/command-exit.ts';
import { tellStop } from './exit/tell-stop.ts';
import { Narrator } from './format/narrate.ts';
import { createProgress } from './format/progress.ts';
import { openStore, recordsOptionsOf, type StoreOptions, type StorePlace } from './options/store-options.ts';
import type { TimeoutOption } from './options/timeout-option.ts';

/** All services in this process, with the caller's own credentials. */
export interface Loop {
  readonly ports: Ports;
  /** The runs that were opened or changed here. */
  runIds(): readonly RunId[];
  /** Starts some work, waits until it has ended, and reports progress. */
  finish<T>(begin: () => Promise<T>): Promise<T>;
  /** Reports something that is not in the records. */
  note(text: string): void;
}

/**
 * Runs a command that works with Cloud Run, over the records that its options name. A signal or `--timeout` stops it:
 * then it prints what was done.
 * @throws {CommandExit} it was stopped
 * @throws {BadInputError} the records cannot be used
 * @throws {SettingsError} the environment cannot be used
 */
export async function withLoop<T>(
  options: StoreOptions & Partial<TimeoutOption> & { readonly json?: true },
  io: CliIo,
  place: StorePlace,
  work: (loop: Loop) => Promise<T>,
): Promise<T> {
  const settings = parseSettings(io.env);
  const container = createContainer(settings, { commands: { kind: 'process', cwd: io.cwd } });
  const { clock, log } = container.ports;
  const opened = await openStore(options, { settings, clock, cwd: io.cwd, ...place });
  const progress = createProgress(io, options.json === true);
  const narrator = new Narrator(progress, recordsOptionsOf(options));
  const stop = beginStop(options.timeout, clock, io, () => progress.stop());
  const process = new InProcess(
    { ...container.ports, store: opened.store },
    createLocalBus(clock, log),
    narrator.onWrite,
    stop.signal,
  );
  try {
    const isLocal = settings.cloudEndpoint && (!options.firestore || settings.firestoreEmulatorHost);
    if (!isLocal) await assertCredentials(settings);
    return await work({
      ports: process.ports,
      runIds: () => process.runIds,
      note: (text) => progress.note(text),
      async finish(begin) {
        const result = await process.finish(begin).finally(() => narrator.flush());
        progress.stop();
        return result;
      },
    });
  } catch (error) {
    if (!(error instanceof StoppedError)) throw error;
    const { text, code } = await tellStop(error, process, options, opened.store);
    (options.json ? io.stderr : io.stdout).write(`\n${text}`);
    throw new CommandExit(code, { code: 'interrupted', message: text.trim(), exitCode: code });
  } finally {
    progress.stop();
    await Promise.all([opened.close(), container.close()]);
    stop.end();
  }
}

interface Stop {
  readonly signal: AbortSignal;
  /** From then on a signal ends the process. */
  end(): void;
}

/** @param onStop called at once, before the calls in progress are completed */
function beginStop(timeoutMs: number | undefined, clock: Clock, io: CliIo, onStop: () => void): Stop {
  const stop = new AbortController();
  const ended = new AbortController();
  const abort = (cause: StopCause) => {
    onStop();
    stop.abort(new StoppedError(cause));
  };
  const restore = io.onStopSignal?.((signal) => abort({ kind: 'signal', signal }));
  if (timeoutMs !== undefined)
    clock.sleep(timeoutMs, ended.signal).then(
      () => abort({ kind: 'timeout', afterMs: timeoutMs }),
      () => {},
    );
  return {
    signal: stop.signal,
    end() {
      ended.abort();
      restore?.();
    },
  };
}
