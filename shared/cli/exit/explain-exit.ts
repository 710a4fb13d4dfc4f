import { CommanderError } from 'commander';
import type { z } from 'zod';
import { ConfigError } from '../../config/config-error.ts';
import type { ErrorCode, ErrorOutput } from '../../contracts/output/error-output.ts';
import { CredentialsError, DeployLoopError, describeError } from '../../domain/errors.ts';
import { shortened } from '../../domain/render/excerpt.ts';
import { oneLine } from '../../domain/render/one-line.ts';
import { faultOutput } from '../../output/command-output.ts';
import { SettingsError } from '../../runtime/settings.ts';
import { BadInputError, UnknownNameError } from './bad-input-error.ts';
import { CommandExit } from './command-exit.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** Some clients describe all their retries in one message. */
const maxLineLength = 400;

export interface Exit {
  readonly code: ExitCode;
  /** Empty when the command has printed everything. */
  readonly text: string;
  /** The same for programs. Absent: the command has printed its result, or all that there is to say. */
  readonly error?: z.infer<typeof ErrorOutput>;
}

/** Converts anything that a command throws to an exit code and a message. Only a verdict may be `fail`. */
export function explainExit(error: unknown): Exit {
  if (error instanceof CommandExit)
    return { code: error.exitCode, text: '', ...(error.error && { error: error.error }) };
  // Commander has already printed the help, the version or its error.
  if (error instanceof CommanderError)
    return error.exitCode === 0
      ? { code: exitCodes.pass, text: '' }
      : { ...failed(exitCodes.badInput, 'bad-request', describeUsage(error)), text: '' };
  if (error instanceof ConfigError) {
    const { message, faults } = error;
    const explained = failed(exitCodes.badInput, 'bad-config', message, `${message}\n`);
    return { ...explained, error: { ...explained.error, faults: faults.map(faultOutput) } };
  }
  if (error instanceof UnknownNameError) return failed(exitCodes.badInput, 'not-found', error.message);
  if (error instanceof BadInputError) return failed(exitCodes.badInput, 'bad-input', error.message);
  if (error instanceof SettingsError || error instanceof CredentialsError)
    return failed(exitCodes.badInput, 'bad-environment', error.message);
  if (error instanceof DeployLoopError)
    return failed(
      exitCodes.inconclusive,
      error.retryable ? 'unavailable' : 'failed',
      shortened(error.message, maxLineLength),
    );
  return failed(
    exitCodes.inconclusive,
    'internal',
    `internal error: ${oneLine(describeError(error), maxLineLength)}`,
  );
}

function failed(code: ExitCode, errorCode: ErrorCode, message: string, text = `deploy-loop: ${message}\n`) {
  return { code, text, error: { code: errorCode, message, exitCode: code } };
}

/** `(outputHelp)` is what commander says if no command is named; it has printed the help then. */
function describeUsage({ code, message }: CommanderError): string {
  return code === 'commander.help' ? 'no command is named' : message.replace(/^error: /, '');
}
