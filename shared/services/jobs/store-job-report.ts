import { documentIn } from '../../contracts/document.ts';
import {
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
import { documentBytes, partsOf } from '../../domain/parts-of.ts';
import { createOnce } from '../../ports/create-once.ts';
import { create, type Store, update } from '../../ports/store.ts';
import type { TestList } from '../../test-reports/read-list.ts';
import type { AdmittedJob, RefusalStatus } from './admit-job.ts';

/**
 * Stores the result of a job and marks its token as used, in one batch, so that neither exists without the other.
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

/** Stores the tests that a job has listed, before the report that names their documents. */
export async function storeJobList(
  { runId, job }: AdmittedJob,
  { checks, problems }: TestList,
  store: Store,
): Promise<NonNullable<JobReportRecord['list']>> {
  const digest = hashOf(job.data.nonce, JSON.stringify(checks));
  const listed = checks.map(({ id, file }) => (file === undefined ? { id } : { id, file }));
  const parts = partsOf(listed, ({ id, file }) => JSON.stringify([id, file]), { bytes: documentBytes });
  // Their ids are derived from their content: an existing document is the right one.
  for (const [n, part] of parts.entries())
    await createOnce(store, documentIn(jobListsOf(runId), jobListIdOf(digest, n)), { checks: part });
  return { digest, parts: parts.length, problems: [...problems] };
}
