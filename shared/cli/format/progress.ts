import { styleText } from 'node:util';
import yoctoSpinner, { type Spinner } from 'yocto-spinner';
import { visibleLine } from '../../domain/render/visible.ts';
import { formatSeconds } from '../../wording/format-seconds.ts';
import type { CliIo } from '../cli-io.ts';
import { isLiveTerminal, namesOtherCharset, toAscii } from './terminal.ts';

export type Mark = 'good' | 'bad' | 'unsure';

/** Shows progress to a person: a line when a stage begins, its notes, and a line with its duration when it ends. */
export interface Progress {
  begin(text: string): void;
  note(text: string): void;
  /** A text that changes all the time: shown only in a terminal, and not kept. */
  pass(text: string): void;
  end(mark: Mark, text: string): void;
  /** Restores the terminal, whatever was in progress. What follows is printed as lines only. */
  stop(): void;
}

export interface ProgressOutput {
  write(text: string): void;
  /** @returns milliseconds since an arbitrary start */
  nowMs(): number;
  /** @returns the sign in its colour, where the output has colours */
  colour?(sign: string, mark: Mark): string;
}

const signs: Readonly<Record<Mark, string>> = { good: '✓', bad: '✗', unsure: '?' };
const colours = { good: 'green', bad: 'red', unsure: 'yellow' } as const;

/** Prints lines as they come. */
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
    const sign = this.#output.colour?.(signs[mark], mark) ?? signs[mark];
    const took = formatSeconds(this.#output.nowMs() - this.#startedMs);
    this.#output.write(`${sign} ${text}  (took ${took})\n`);
    this.#startedMs = this.#output.nowMs();
  }

  stop(): void {}
}

/** The lines of another progress, and below them a spinner with what is under way. */
export class SpinnerProgress implements Progress {
  readonly #lines: Progress;
  readonly #stream: NodeJS.WriteStream;
  readonly #spinner: Spinner;
  #stage = '';
  #isStopped = false;

  /** @param handleSignals true: nobody else restores the terminal when a signal ends the process */
  constructor(lines: Progress, stream: NodeJS.WriteStream, handleSignals: boolean) {
    this.#lines = lines;
    this.#stream = stream;
    this.#spinner = yoctoSpinner({ stream, handleSignals });
    process.once('exit', this.#restore);
  }

  begin(text: string): void {
    this.#print(() => this.#lines.begin(text));
    this.#stage = /^\S+/.exec(text)?.[0] ?? '';
    this.#show(this.#stage);
  }

  note(text: string): void {
    this.#print(() => this.#lines.note(text));
  }

  pass(text: string): void {
    this.#show(`${this.#stage}  ${text}`);
  }

  end(mark: Mark, text: string): void {
    this.#spinner.stop();
    this.#lines.end(mark, text);
  }

  stop(): void {
    this.#isStopped = true;
    process.off('exit', this.#restore);
    this.#restore();
  }

  readonly #restore = (): void => void this.#spinner.stop();

  #show(text: string): void {
    if (this.#isStopped) return;
    // One row, with the frame before it: a longer text could not be redrawn after the window was made smaller.
    this.#spinner.text = text.slice(0, Math.max(0, (this.#stream.columns || 80) - 3));
    this.#spinner.start();
  }

  /** The spinner draws itself again below. */
  #print(line: () => void): void {
    this.#spinner.clear();
    line();
  }
}

/** Lines, and a spinner below them in a terminal that can redraw; nothing with --json. */
export function createProgress(
  io: Pick<CliIo, 'stdout' | 'isTty' | 'env' | 'onStopSignal'>,
  quiet: boolean,
): Progress {
  const isAscii = namesOtherCharset(io.env);
  // Colours are what `io.stdout` would escape; the texts are escaped below.
  const output = io.isTty ? process.stdout : io.stdout;
  const lines = new PlainProgress({
    write: (text) => void (quiet || output.write(isAscii ? toAscii(text) : text)),
    nowMs: () => performance.now(),
    ...(io.isTty && {
      // Looks at NO_COLOR, FORCE_COLOR and TERM.
      colour: (sign: string, mark: Mark) => styleText(colours[mark], sign, { stream: process.stdout }),
    }),
  });
  const isPlain = quiet || isAscii || !io.isTty || !isLiveTerminal(io.env);
  return visibleProgress(
    isPlain ? lines : new SpinnerProgress(lines, process.stdout, io.onStopSignal === undefined),
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
