import { documentIn } from '../../contracts/document.ts';
import { cancelled, decisions, type JobRecord, jobIdOf, jobsOf } from '../../contracts/records.ts';
import { readPresentedToken } from '../../contracts/suites/job-api.ts';
import { assertNever } from '../../domain/assert-never.ts';
import { type JobTokenVerdict, type JobWork, verifyJobToken } from '../../domain/checks/job-token.ts';
import { decisionIdOf, type RunId } from '../../domain/ids.ts';
import type { Store, Stored } from '../../ports/store.ts';
import type { CollectPorts } from './collect-ports.ts';

/** A start of a job whose token was presented. */
export interface AdmittedJob {
  readonly runId: RunId;
  readonly work: JobWork;
  readonly job: Stored<JobRecord>;
}

/** 401: no valid token. 403: the wrong token. 409: its results are stored. 410: its results are no longer needed. */
export type RefusalStatus = 401 | 403 | 409 | 410;

export type JobAdmission =
  | ({ readonly kind: 'admitted' } & AdmittedJob)
  | {
      readonly kind: 'refused';
      readonly status: RefusalStatus;
      /** For the log. */
      readonly why: string;
      readonly runId?: RunId | undefined;
    };

/** Authenticates a request by its token alone, which gives access only to the work that it was made for. */
export async function admitJob(
  authorization: string | undefined,
  { store, clock }: Pick<CollectPorts, 'store' | 'clock'>,
): Promise<JobAdmission> {
  const presented = readPresentedToken(authorization);
  if (!presented) return { kind: 'refused', status: 401, why: 'no token' };
  const { runId, work, text } = presented;
  const refuse = (status: RefusalStatus, why: string): JobAdmission => ({
    kind: 'refused',
    status,
    why,
    runId,
  });
  const job = await store.get(documentIn(jobsOf(runId), jobIdOf(work)));
  if (!job) return refuse(403, 'no such work');
  const { expiresAt, ...stored } = job.data;
  const expiresAtS = expiresAt.getTime() / 1_000;
  const verdict = verifyJobToken(text, { ...stored, runId, work, expiresAtS }, clock.now());
  if (verdict !== 'ok') return refuse(statusOf(verdict), `the token is ${verdict}`);
  if (await isOver(runId, store)) return refuse(410, 'stage tests has ended');
  return { kind: 'admitted', runId, work, job };
}

function statusOf(verdict: Exclude<JobTokenVerdict, 'ok'>): RefusalStatus {
  switch (verdict) {
    case 'malformed':
    case 'expired':
      return 401;
    case 'forged':
      return 403;
    case 'used':
      return 409;
    default:
      return assertNever(verdict);
  }
}

/** True: the stage is decided, or a newer run has taken over. */
async function isOver(runId: RunId, store: Store): Promise<boolean> {
  const [decision, cancel] = await Promise.all([
    store.get(documentIn(decisions, decisionIdOf(runId, 'tests'))),
    store.get(documentIn(cancelled, runId)),
  ]);
  return decision !== undefined || cancel !== undefined;
}
