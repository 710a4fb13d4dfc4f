import type { z } from 'zod';
import type { ErrorOutput } from '../../contracts/output/error-output.ts';
import type { ExitCode } from './exit-codes.ts';

/** Ends a command whose output is complete, with a code other than `pass`. */
export class CommandExit extends Error {
  override readonly name = 'CommandExit';
  readonly exitCode: ExitCode;
  /** What programs get with `--json`; absent: the command has printed its document. */
  readonly error: z.infer<typeof ErrorOutput> | undefined;

  constructor(exitCode: ExitCode, error?: z.infer<typeof ErrorOutput>) {
    super(`exit ${exitCode}`);
    this.exitCode = exitCode;
    this.error = error;
  }
}
