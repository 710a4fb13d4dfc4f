import { jobIdOf } from '../contracts/records.ts';
import { JobReportSchema, maxReportBytes } from '../contracts/suites/job-api.ts';
import { describeError } from '../domain/errors.ts';
import { type AdmittedJob, admitJob } from './jobs/admit-job.ts';
import type { CollectPorts } from './jobs/collect-ports.ts';
import { giveAssignment } from './jobs/give-assignment.ts';
import { takeReport } from './jobs/take-report.ts';

/** A request of a job's agent. */
export interface JobRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** The status is the only content of a refusal. */
export interface JobAnswer {
  readonly status: 200 | 400 | 401 | 403 | 404 | 409 | 410 | 413 | 503;
  /** The body: the assignment; absent: none. */
  readonly text?: string | undefined;
}

/**
 * Gives a job its work and accepts its results. Anyone may send a request; only a valid token gets more than a refusal.
 * Never throws.
 */
export async function collectResults(request: JobRequest, ports: CollectPorts): Promise<JobAnswer> {
  const { method, path, headers } = request;
  const isReport = method === 'POST' && path === '/results';
  if (!isReport && !(method === 'GET' && path === '/shard')) return { status: 404 };
  try {
    const admission = await admitJob(headers.authorization, ports);
    if (admission.kind === 'refused') {
      const { status, why, runId } = admission;
      ports.log.warn({ function: 'collect-results', code: 'job-refused', status, runId }, why);
      return { status };
    }
    return isReport ? await take(admission, request, ports) : await give(admission, ports);
  } catch (error) {
    ports.log.error({ function: 'collect-results', code: 'not-collected' }, describeError(error));
    return { status: 503 };
  }
}

async function give(admitted: AdmittedJob, ports: CollectPorts): Promise<JobAnswer> {
  const given = await giveAssignment(admitted, ports);
  if (given === 'later') return { status: 503 };
  if (given === 'over') return { status: 410 };
  return { status: 200, text: given.text };
}

async function take(
  admitted: AdmittedJob,
  { headers, body }: JobRequest,
  ports: CollectPorts,
): Promise<JobAnswer> {
  if (body.length > maxReportBytes) return { status: 413 };
  const described = JobReportSchema.safeParse(headers);
  if (!described.success || (described.data.body === 'present') !== body.length > 0) return { status: 400 };
  const refused = await takeReport(admitted, described.data, body, ports);
  if (refused !== undefined) return { status: refused === 'later' ? 503 : refused };
  const { runId, work, job } = admitted;
  ports.log.info(
    { function: 'collect-results', runId, job: jobIdOf(work), revision: job.data.target.revision },
    'job results accepted',
  );
  return { status: 200 };
}
