import { visible } from '../domain/render/visible.ts';
import type { StopSignal } from '../runtime/stop/stopped-error.ts';

export interface TextSink {
  write(text: string): unknown;
}

/** Escapes what a terminal would interpret: for everything that is printed, except the spinner's own marks. */
export function visibleSink(sink: TextSink): TextSink {
  return { write: (text) => sink.write(visible(text)) };
}

/** All that a command may know of the process that it runs in. */
export interface CliIo {
  /** Results, and nothing else: another program may read them. */
  readonly stdout: TextSink;
  /** Faults, warnings and progress. */
  readonly stderr: TextSink;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative file names start here. */
  readonly cwd: string;
  /** True when a person watches stdout. */
  readonly isTty: boolean;
  /** For warnings of what has ended in a config; absent: there are none. Records have a clock of their own. */
  readonly now?: () => Date;
  /**
   * Calls `first` at the first signal that asks the process to end; the second one ends it at once. Absent: no signals.
   * @returns a function that restores the default: a signal ends the process
   */
  readonly onStopSignal?: (first: (signal: StopSignal) => void) => () => void;
}
