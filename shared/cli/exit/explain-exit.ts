import { CommanderError } from 'commander';
import { ConfigError } from '../../config/config-error.ts';
import { DeployLoopError, describeError } from '../../domain/errors.ts';
import { oneLine } from '../../domain/render/one-line.ts';
import { SettingsError } from '../../runtime/settings.ts';
import { BadInputError } from './bad-input-error.ts';
import { CommandExit } from './command-exit.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** Some clients put the story of all their retries into one message. */
const maxLineLength = 400;

export interface Exit {
  readonly code: ExitCode;
  /** Empty when everything has been said. */
  readonly text: string;
}

/** What anything thrown by a command means to its caller. Only a verdict may be `fail`. */
export function explainExit(error: unknown): Exit {
  if (error instanceof CommandExit) return { code: error.exitCode, text: '' };
  // Commander has printed the help, the version or the complaint.
  if (error instanceof CommanderError)
    return { code: error.exitCode === 0 ? exitCodes.pass : exitCodes.badInput, text: '' };
  if (error instanceof ConfigError) return { code: exitCodes.badInput, text: `${error.message}\n` };
  if (error instanceof BadInputError || error instanceof SettingsError) {
    return { code: exitCodes.badInput, text: `deploy-loop: ${error.message}\n` };
  }
  if (error instanceof DeployLoopError)
    return { code: exitCodes.inconclusive, text: `deploy-loop: ${oneLine(error.message, maxLineLength)}\n` };
  return {
    code: exitCodes.inconclusive,
    text: `deploy-loop: internal error: ${oneLine(describeError(error), maxLineLength)}\n`,
  };
}
