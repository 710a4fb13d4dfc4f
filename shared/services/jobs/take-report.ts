import type { JobReportRecord } from '../../contracts/records.ts';
import { type JobReport, maxReportBytes } from '../../contracts/suites/job-api.ts';
import type { CheckResult } from '../../domain/checks/check-result.ts';
import { type CommandEnd, judgeReport } from '../../test-reports/judge-report.ts';
import { judgeList, maxListLength } from '../../test-reports/read-list.ts';
import { noReport, type Report, readReport, unreadReport } from '../../test-reports/read-report.ts';
import type { AdmittedJob, RefusalStatus } from './admit-job.ts';
import type { CollectPorts } from './collect-ports.ts';
import { compactResults } from './compact-results.ts';
import { storeJobList, storeJobReport } from './store-job-report.ts';

/** Read in small pieces, a report of any size takes little memory besides its own. */
const pieceBytes = 16 * 1024;

/**
 * Judges a submitted report as if its command had run in process, and stores the results.
 * @returns `later`: the secrets to redact are temporarily unavailable; undefined: stored
 */
export async function takeReport(
  admitted: AdmittedJob,
  described: JobReport,
  body: Uint8Array,
  ports: CollectPorts,
): Promise<RefusalStatus | 'later' | undefined> {
  const { store, clock } = ports;
  const { job, runId } = admitted;
  const { mode, ids, target, attempt, startedAt } = job.data;
  const prepared = await ports.environments.prepare(job.data, { target: { ...target, runId }, attempt });
  if (prepared.kind === 'fault' && prepared.retryable) return 'later';
  // A text that cannot be searched for secrets must not be shown.
  const show = (text: string) => (prepared.kind === 'ready' ? prepared.redact(text) : undefined);
  const base = { revision: target.revision, results: [], at: clock.now() };
  const ended = endOf(described);
  if (mode === 'list') {
    const { checks, problems } = listOf(body, described, ended);
    const shown = problems.map((problem) => show(problem) ?? 'its list is not complete');
    const list = await storeJobList(admitted, { checks, problems: shown }, store);
    return storeJobReport(admitted, { ...base, list }, store);
  }
  const results = judgeReport(ids, await reportOf(described, body), ended, startedAt.getTime()).map(
    (result) => withDetail(result, show),
  );
  const record: JobReportRecord = { ...base, results: compactResults(ids, results) };
  return storeJobReport(admitted, record, store);
}

function withDetail(
  { detail, ...result }: CheckResult,
  show: (text: string) => string | undefined,
): CheckResult {
  const shown = detail === undefined ? undefined : show(detail);
  return shown === undefined ? result : { ...result, detail: shown };
}

function endOf({ outcome, exitCode }: JobReport): CommandEnd {
  const how = { completed: 'exited', timeout: 'timeout', cancelled: 'aborted' } as const;
  return { how: how[outcome], code: exitCode, signal: undefined, tail: '' };
}

function listOf(body: Uint8Array, { body: kind }: JobReport, ended: CommandEnd) {
  const text = new TextDecoder().decode(body);
  const cut = kind === 'too-large' || text.length > maxListLength;
  return judgeList(text.slice(0, maxListLength), ended, cut);
}

async function reportOf({ body: kind }: JobReport, body: Uint8Array): Promise<Report> {
  switch (kind) {
    case 'present':
      return readReport(piecesOf(body));
    case 'missing':
      return noReport;
    case 'too-large':
      return unreadReport(`it is larger than ${maxReportBytes} bytes`);
    default:
      return kind satisfies never;
  }
}

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += pieceBytes) yield bytes.subarray(from, from + pieceBytes);
}
