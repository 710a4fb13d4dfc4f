import { z } from 'zod';
import type { ErrorCode } from '../../contracts/output/error-output.ts';
import { errorDocument } from '../../output/error-output.ts';
import type { CliIo, TextSink } from '../cli-io.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Exit } from './explain-exit.ts';

const ResultSchema = z.looseObject({ schemaVersion: z.number() });

/**
 * With `--json`, stdout gets exactly one document: the result of the command, or else its error. It is held back until the
 * command has ended, since a command can still fail when it has its result.
 */
export class JsonOutput {
  readonly io: CliIo;
  readonly #real: CliIo;
  readonly #isJson: () => boolean;
  readonly #held: string[] = [];
  /** What was told to people meanwhile. */
  readonly #told: string[] = [];

  /** @param isJson known once the command line has been parsed */
  constructor(io: CliIo, isJson: () => boolean) {
    this.#real = io;
    this.#isJson = isJson;
    this.io = { ...io, stdout: this.#holding(), stderr: this.#telling() };
  }

  /** Prints the document. */
  end({ code, error }: Omit<Exit, 'text'>): void {
    const result = this.#held.join('');
    if (!this.#isJson()) return;
    if (error && result !== '')
      this.#print({ ...ResultSchema.parse(JSON.parse(result)), exitCode: code, error });
    else if (error) this.#print(errorDocument(error));
    else if (result === '' && code !== 0) this.#print(errorDocument(this.#toldError(code)));
    else this.#real.stdout.write(result);
  }

  /** A command that was stopped has told only people of it. */
  #toldError(exitCode: ExitCode) {
    const code: ErrorCode = exitCode > 128 ? 'interrupted' : 'unavailable';
    return { code, message: this.#told.join('').trim(), exitCode };
  }

  #print(document: object): void {
    this.#real.stdout.write(`${JSON.stringify(document)}\n`);
  }

  #holding(): TextSink {
    return {
      write: (text) => (this.#isJson() ? this.#held.push(text) : this.#real.stdout.write(text)),
    };
  }

  #telling(): TextSink {
    return {
      write: (text) => {
        this.#told.push(text);
        return this.#real.stderr.write(text);
      },
    };
  }
}
