import type { Verdict } from '../domain/verdict.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** The worst of several verdicts; nothing at all is no pass. */
export function exitCodeOf(verdicts: readonly (Verdict | undefined)[]): ExitCode {
  if (verdicts.includes('fail')) return exitCodes.fail;
  return verdicts.length > 0 && verdicts.every((verdict) => verdict === 'pass')
    ? exitCodes.pass
    : exitCodes.inconclusive;
}
