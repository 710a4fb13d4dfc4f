import { judgeGates } from '../../domain/audits/run-audits.ts';
import { compareRevisions } from '../../domain/revision.ts';
import { lacksTraffic } from '../../domain/runs/review-standing.ts';
import type { RunReport } from '../../services/query-reports.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/**
 * The worst verdict. No run at all is not a pass, nor is a good revision that was left without traffic, nor one whose
 * audits at a gate are not known. If a service has several runs, the one of its newest revision counts: a build may make
 * two revisions, and the second supersedes the first.
 */
export function exitCodeOf(reports: readonly RunReport[]): ExitCode {
  const newest = new Map<string, RunReport>();
  for (const report of reports) {
    const { serviceKey, candidate } = report.run;
    const known = newest.get(serviceKey)?.run;
    if (!known || compareRevisions(candidate, known.candidate) >= 0) newest.set(serviceKey, report);
  }
  const judged = [...newest.values()];
  if (judged.some(({ run }) => run.verdict === 'fail')) return exitCodes.fail;
  const isGood = judged.length > 0 && judged.every(({ run }) => run.verdict === 'pass' && !lacksTraffic(run));
  if (!isGood) return exitCodes.inconclusive;
  const gates = judged.map(({ audits }) => judgeGates(audits));
  if (gates.includes('fail')) return exitCodes.audit;
  return gates.includes('unknown') ? exitCodes.inconclusive : exitCodes.pass;
}
