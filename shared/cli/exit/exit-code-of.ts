import { compareRevisions } from '../../domain/revision.ts';
import { isKeptByPin } from '../../domain/runs/review-standing.ts';
import type { RunReport } from '../../services/query-reports.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/**
 * The worst verdict; nothing at all is no pass, nor is what a person's pin keeps from all users. Of a service that several runs were about, the newest revision speaks:
 * one build may make two, and then the first is superseded by the second.
 */
export function exitCodeOf(reports: readonly RunReport[]): ExitCode {
  const newest = new Map<string, RunReport['run']>();
  for (const { run } of reports) {
    const known = newest.get(run.serviceKey);
    if (!known || compareRevisions(run.candidate, known.candidate) >= 0) newest.set(run.serviceKey, run);
  }
  const judged = [...newest.values()];
  if (judged.some(({ verdict }) => verdict === 'fail')) return exitCodes.fail;
  return judged.length > 0 && judged.every((run) => run.verdict === 'pass' && !isKeptByPin(run))
    ? exitCodes.pass
    : exitCodes.inconclusive;
}
