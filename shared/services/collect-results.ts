import { jobIdOf } from '../contracts/records.ts';
import type { JobReport } from '../contracts/suites/job-api.ts';
import { isAsDescribed, type JobRequestHead, readJobRequest } from '../contracts/suites/job-request.ts';
import { describeError } from '../domain/errors.ts';
import { type AdmittedJob, admitJob } from './jobs/admit-job.ts';
import type { CollectPorts } from './jobs/collect-ports.ts';
import { giveAssignment } from './jobs/give-assignment.ts';
import { takeReport } from './jobs/take-report.ts';

/** A request of a job's agent. */
export interface JobRequest extends JobRequestHead {
  /**
   * Reads the body, at most `maxReportBytes`. Never throws.
   * @returns the status of a refusal: 400 it broke off, 413 it is too large, 503 too much is being read
   */
  readonly body: () => Promise<Uint8Array | 400 | 413 | 503>;
}

/** The status is the only content of a refusal. */
export interface JobAnswer {
  readonly status: 200 | 400 | 401 | 403 | 404 | 409 | 410 | 413 | 415 | 503;
  /** The body: the assignment; absent: none. */
  readonly text?: string | undefined;
}

/**
 * Gives a job its work and accepts its results. Anyone may send a request; only a valid token gets more than a refusal,
 * and only after it was verified is the body read. Never throws.
 */
export async function collectResults(request: JobRequest, ports: CollectPorts): Promise<JobAnswer> {
  const asked = readJobRequest(request);
  if (asked.kind === 'refused') return refuse(asked, ports);
  try {
    const admission = await ports.inTurn(() => admitJob(asked.token, asked.kind, ports));
    if (admission.kind === 'refused') return refuse(admission, ports);
    return asked.kind === 'report'
      ? await take(admission, asked.described, request, ports)
      : await give(admission, ports);
  } catch (error) {
    const code = 'not-collected';
    ports.rare.error(code, { function: 'collect-results', code }, describeError(error));
    return { status: 503 };
  }
}

interface Refusal {
  readonly status: JobAnswer['status'];
  readonly why: string;
  readonly runId?: string | undefined;
}

function refuse({ status, why, runId }: Refusal, { rare }: CollectPorts): JobAnswer {
  rare.warn(`${status} ${why}`, { function: 'collect-results', code: 'job-refused', status, runId }, why);
  return { status };
}

async function give(admitted: AdmittedJob, ports: CollectPorts): Promise<JobAnswer> {
  const given = await giveAssignment(admitted, ports);
  if (given === 'later') return { status: 503 };
  if (given === 'over') return { status: 410 };
  if (typeof given === 'number') return { status: given };
  return { status: 200, text: given.text };
}

async function take(
  admitted: AdmittedJob,
  described: JobReport,
  request: JobRequest,
  ports: CollectPorts,
): Promise<JobAnswer> {
  const body = await request.body();
  if (typeof body === 'number') return { status: body };
  if (!isAsDescribed(described, body.length)) return { status: 400 };
  const refused = await takeReport(admitted, described, body, ports);
  if (refused !== undefined) return { status: refused === 'later' ? 503 : refused };
  const { runId, work, job } = admitted;
  ports.log.info(
    { function: 'collect-results', runId, job: jobIdOf(work), revision: job.data.target.revision },
    'job results accepted',
  );
  return { status: 200 };
}
