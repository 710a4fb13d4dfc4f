import { CommanderError } from 'commander';
import { ConfigError } from '../../config/config-error.ts';
import { CredentialsError, DeployLoopError, describeError } from '../../domain/errors.ts';
import { oneLine } from '../../domain/render/one-line.ts';
import { SettingsError } from '../../runtime/settings.ts';
import { BadInputError } from './bad-input-error.ts';
import { CommandExit } from './command-exit.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** Some clients describe all their retries in one message. */
const maxLineLength = 400;

export interface Exit {
  readonly code: ExitCode;
  /** Empty when the command has printed everything. */
  readonly text: string;
}

/** Converts anything that a command throws to an exit code and a message. Only a verdict may be `fail`. */
export function explainExit(error: unknown): Exit {
  if (error instanceof CommandExit) return { code: error.exitCode, text: '' };
  // Commander has already printed the help, the version or its error.
  if (error instanceof CommanderError)
    return { code: error.exitCode === 0 ? exitCodes.pass : exitCodes.badInput, text: '' };
  if (error instanceof ConfigError) return { code: exitCodes.badInput, text: `${error.message}\n` };
  if (error instanceof BadInputError || error instanceof SettingsError || error instanceof CredentialsError) {
    return { code: exitCodes.badInput, text: `deploy-loop: ${error.message}\n` };
  }
  if (error instanceof DeployLoopError)
    return { code: exitCodes.inconclusive, text: `deploy-loop: ${oneLine(error.message, maxLineLength)}\n` };
  return {
    code: exitCodes.inconclusive,
    text: `deploy-loop: internal error: ${oneLine(describeError(error), maxLineLength)}\n`,
  };
}
