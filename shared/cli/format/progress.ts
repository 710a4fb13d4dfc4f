import yoctoSpinner, { type Spinner } from 'yocto-spinner';
import { visibleLine } from '../../domain/render/visible.ts';

export type Mark = 'good' | 'bad' | 'unsure';

/** Shows progress to a person: one line per stage with its duration, and notes in between. */
export interface Progress {
  begin(text: string): void;
  note(text: string): void;
  /** A text that changes all the time: shown only in a terminal, and not kept. */
  pass(text: string): void;
  end(mark: Mark, text: string): void;
  /** Restores the terminal, whatever was in progress. */
  stop(): void;
}

export interface ProgressOutput {
  readonly isTty: boolean;
  write(text: string): void;
  /** @returns milliseconds since an arbitrary start */
  nowMs(): number;
}

const signs: Readonly<Record<Mark, string>> = { good: '✓', bad: '✗', unsure: '?' };

/** Prints lines as they come, for logs and pipes. */
export class PlainProgress implements Progress {
  readonly #output: ProgressOutput;
  #startedMs: number;

  constructor(output: ProgressOutput) {
    this.#output = output;
    this.#startedMs = output.nowMs();
  }

  begin(text: string): void {
    this.#startedMs = this.#output.nowMs();
    this.#output.write(`… ${text}\n`);
  }

  note(text: string): void {
    this.#output.write(`    ${text}\n`);
  }

  pass(): void {}

  end(mark: Mark, text: string): void {
    this.#output.write(`${signs[mark]} ${text}  ${secondsSince(this.#startedMs, this.#output.nowMs())}\n`);
    this.#startedMs = this.#output.nowMs();
  }

  stop(): void {}
}

/** Shows a spinner for the current stage, and a line with its duration once it has ended. */
export class SpinnerProgress implements Progress {
  readonly #output: ProgressOutput;
  readonly #spinner: Spinner;
  #startedMs: number;
  #text = '';

  constructor(output: ProgressOutput, stream: NodeJS.WriteStream) {
    this.#output = output;
    this.#spinner = yoctoSpinner({ stream });
    this.#startedMs = output.nowMs();
  }

  begin(text: string): void {
    this.#startedMs = this.#output.nowMs();
    this.#text = text;
    this.#spinner.start(text);
  }

  note(text: string): void {
    this.#spinner.text = `${this.#text}  ${text}`;
  }

  pass(text: string): void {
    this.note(text);
  }

  end(mark: Mark, text: string): void {
    const line = `${text}  ${secondsSince(this.#startedMs, this.#output.nowMs())}`;
    if (mark === 'good') this.#spinner.success(line);
    else if (mark === 'bad') this.#spinner.error(line);
    else this.#spinner.warning(line);
    this.#startedMs = this.#output.nowMs();
  }

  stop(): void {
    this.#spinner.stop();
  }
}

function secondsSince(startedMs: number, nowMs: number): string {
  return `${((nowMs - startedMs) / 1000).toFixed(1)} s`;
}

/** A spinner in a terminal, plain lines otherwise, and nothing with --json. */
export function createProgress(
  io: { readonly stdout: { write(text: string): unknown }; readonly isTty: boolean },
  quiet: boolean,
): Progress {
  const output = {
    isTty: io.isTty,
    write: (text: string) => void (quiet || io.stdout.write(text)),
    nowMs: () => performance.now(),
  };
  return visibleProgress(
    io.isTty && !quiet ? new SpinnerProgress(output, process.stdout) : new PlainProgress(output),
  );
}

/** Each text as one line that a terminal does not interpret; the marks and colours of `progress` itself are left. */
function visibleProgress(progress: Progress): Progress {
  return {
    begin: (text) => progress.begin(visibleLine(text)),
    note: (text) => progress.note(visibleLine(text)),
    pass: (text) => progress.pass(visibleLine(text)),
    end: (mark, text) => progress.end(mark, visibleLine(text)),
    stop: () => progress.stop(),
  };
}
