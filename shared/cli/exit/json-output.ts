import { z } from 'zod';
import { errorDocument } from '../../output/error-output.ts';
import type { CliIo, TextSink } from '../cli-io.ts';
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

  /** @param isJson known once the command line has been parsed */
  constructor(io: CliIo, isJson: () => boolean) {
    this.#real = io;
    this.#isJson = isJson;
    this.io = { ...io, stdout: this.#holding() };
  }

  /** Prints the document. */
  end({ code, error }: Omit<Exit, 'text'>): void {
    const result = this.#held.join('');
    if (!this.#isJson()) return;
    if (error && result !== '')
      this.#print({ ...ResultSchema.parse(JSON.parse(result)), exitCode: code, error });
    else if (error) this.#print(errorDocument(error));
    else this.#real.stdout.write(result);
  }

  #print(document: object): void {
    this.#real.stdout.write(`${JSON.stringify(document)}\n`);
  }

  #holding(): TextSink {
    return {
      write: (text) => (this.#isJson() ? this.#held.push(text) : this.#real.stdout.write(text)),
    };
  }
}
