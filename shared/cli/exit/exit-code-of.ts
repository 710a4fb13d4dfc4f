import { compareRevisions } from '../../domain/revision.ts';
import type { RunReport } from '../../services/query-reports.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/**
 * The worst verdict; nothing at all is no pass. Of a service that several runs were about, the newest revision speaks:
 * one build may make two, and then the first is superseded by the second.
 */
export function exitCodeOf(reports: readonly RunReport[]): ExitCode {
  const newest = new Map<string, RunReport['run']>();
  for (const { run } of reports) {
    const known = newest.get(run.serviceKey);
    if (!known || compareRevisions(run.candidate, known.candidate) >= 0) newest.set(run.serviceKey, run);
  }
  const verdicts = [...newest.values()].map((run) => run.verdict);
  if (verdicts.includes('fail')) return exitCodes.fail;
  return verdicts.length > 0 && verdicts.every((verdict) => verdict === 'pass')
    ? exitCodes.pass
    : exitCodes.inconclusive;
}
