import { type DocumentRef, documentIn } from '../../contracts/document.ts';
import {
  type JobListRecord,
  type JobReportRecord,
  jobIdOf,
  jobListIdOf,
  jobListsOf,
  jobReportIdOf,
  jobReportsOf,
  jobsOf,
} from '../../contracts/records.ts';
import { TransientError, WriteConflictError } from '../../domain/errors.ts';
import { hashOf } from '../../domain/ids.ts';
import { create, type Store, update } from '../../ports/store.ts';
import type { TestList } from '../../test-reports/read-list.ts';
import type { AdmittedJob, RefusalStatus } from './admit-job.ts';

/** Of a list's documents, so that each stays below 1 MiB. */
const partBytes = 400_000;

/**
 * Stores what a job came to and marks its token used, in one batch: whoever finds one finds the other.
 * @returns why nothing was stored; undefined: it was
 */
export async function storeJobReport(
  { runId, work, job }: AdmittedJob,
  report: JobReportRecord,
  store: Store,
): Promise<RefusalStatus | undefined> {
  const ref = documentIn(jobsOf(runId), jobIdOf(work));
  const { nonce } = job.data;
  try {
    const reportRef = documentIn(jobReportsOf(runId), jobReportIdOf(work, nonce));
    await store.commit([create(reportRef, report), update(ref, job, { used: true })]);
    return undefined;
  } catch (error) {
    if (!(error instanceof WriteConflictError)) throw error;
    const now = (await store.get(ref))?.data;
    if (now?.nonce !== nonce) return 403;
    // Two copies of one request, or a repeated attempt of the client that finds its own success.
    if (now.used) return 409;
    throw new TransientError('the job has changed in the meantime', { cause: error });
  }
}

/** Stores what a job has listed, beside the report that will name it. */
export async function storeJobList(
  { runId, job }: AdmittedJob,
  { checks, problems }: TestList,
  store: Store,
): Promise<NonNullable<JobReportRecord['list']>> {
  const digest = hashOf(job.data.nonce, JSON.stringify(checks));
  const parts = cut(checks);
  for (const [n, part] of parts.entries())
    await createOnce(documentIn(jobListsOf(runId), jobListIdOf(digest, n)), { checks: part }, store);
  return { digest, parts: parts.length, problems: [...problems] };
}

/** Its id says what is in it: who finds it there has nothing to do. */
async function createOnce(
  ref: DocumentRef<JobListRecord>,
  record: JobListRecord,
  store: Store,
): Promise<void> {
  try {
    await store.commit([create(ref, record)]);
  } catch (error) {
    if (!(error instanceof WriteConflictError)) throw error;
  }
}

function cut(checks: TestList['checks']): JobListRecord['checks'][] {
  const parts: JobListRecord['checks'][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const { id, file } of checks) {
    const size = Buffer.byteLength(JSON.stringify([id, file]));
    if (bytes + size > partBytes) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(file === undefined ? { id } : { id, file });
    bytes += size;
  }
  return parts;
}
