import { compareRevisions } from '../../domain/revision.ts';
import { lacksTraffic } from '../../domain/runs/review-standing.ts';
import type { RunReport } from '../../services/query-reports.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/**
 * The worst verdict. No run at all is not a pass, nor is a good revision that was left without traffic. If a service has
 * several runs, the one of its newest revision counts: a build may make two revisions, and the second supersedes the
 * first.
 */
export function exitCodeOf(reports: readonly RunReport[]): ExitCode {
  const newest = new Map<string, RunReport['run']>();
  for (const { run } of reports) {
    const known = newest.get(run.serviceKey);
    if (!known || compareRevisions(run.candidate, known.candidate) >= 0) newest.set(run.serviceKey, run);
  }
  const judged = [...newest.values()];
  if (judged.some(({ verdict }) => verdict === 'fail')) return exitCodes.fail;
  return judged.length > 0 && judged.every((run) => run.verdict === 'pass' && !lacksTraffic(run))
    ? exitCodes.pass
    : exitCodes.inconclusive;
}
