import { visible } from '../domain/render/visible.ts';

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
}
