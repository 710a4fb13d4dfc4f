import { judgeGates } from '../../domain/audits/run-audits.ts';
import { compareRevisions } from '../../domain/revision.ts';
import { lacksTraffic } from '../../domain/runs/review-standing.ts';
import type { RunReport } from '../../services/query-reports.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** The worst verdict. No run at all is not a pass, nor is a good revision that was left without traffic. */
export function exitCodeOf(reports: readonly RunReport[]): ExitCode {
  const judged = newestOf(reports).map(({ run }) => run);
  if (judged.some(({ verdict }) => verdict === 'fail')) return exitCodes.fail;
  return judged.length > 0 && judged.every((run) => run.verdict === 'pass' && !lacksTraffic(run))
    ? exitCodes.pass
    : exitCodes.inconclusive;
}

/** The same for a deploy, which also has to pass the audits that are gates; one that is not known is no pass. */
export function exitCodeOfDeploy(reports: readonly RunReport[]): ExitCode {
  const code = exitCodeOf(reports);
  if (code !== exitCodes.pass) return code;
  const gates = newestOf(reports).map(({ audits }) => judgeGates(audits));
  if (gates.includes('fail')) return exitCodes.audit;
  return gates.includes('unknown') ? exitCodes.inconclusive : exitCodes.pass;
}

/**
 * If a service has several runs, the one of its newest revision counts: a build may make two revisions, and the second
 * supersedes the first.
 */
function newestOf(reports: readonly RunReport[]): readonly RunReport[] {
  const newest = new Map<string, RunReport>();
  for (const report of reports) {
    const { serviceKey, candidate } = report.run;
    const known = newest.get(serviceKey)?.run;
    if (!known || compareRevisions(candidate, known.candidate) >= 0) newest.set(serviceKey, report);
  }
  return [...newest.values()];
}
