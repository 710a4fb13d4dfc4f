import type { ExitCode } from './exit-codes.ts';

/** Ends a command whose output is complete, with a code other than `pass`. */
export class CommandExit extends Error {
  override readonly name = 'CommandExit';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode) {
    super(`exit ${exitCode}`);
    this.exitCode = exitCode;
  }
}
