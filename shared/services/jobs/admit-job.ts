import { documentIn } from '../../contracts/document.ts';
import { cancelled, decisions, type JobRecord, jobIdOf, jobsOf } from '../../contracts/records.ts';
import type { PresentedToken } from '../../contracts/suites/job-api.ts';
import { assertNever } from '../../domain/assert-never.ts';
import {
  type JobTokenPurpose,
  type JobTokenVerdict,
  type JobWork,
  verifyJobToken,
} from '../../domain/checks/job-token.ts';
import { decisionIdOf, type RunId } from '../../domain/ids.ts';
import type { Store, Stored } from '../../ports/store.ts';
import type { CollectPorts } from './collect-ports.ts';

/** A start of a job whose token was presented. */
export interface AdmittedJob {
  readonly runId: RunId;
  readonly work: JobWork;
  readonly job: Stored<JobRecord>;
}

/**
 * 401: the token has expired. 403: the wrong token. 409: what it was for was done before, so the work was given out, or
 * the results are stored. 410: there is nothing to do any more.
 */
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
  { runId, work, text }: PresentedToken,
  wanted: JobTokenPurpose,
  { store, clock }: Pick<CollectPorts, 'store' | 'clock'>,
): Promise<JobAdmission> {
  const refuse = (status: RefusalStatus, why: string): JobAdmission => ({
    kind: 'refused',
    status,
    why,
    runId,
  });
  const job = await store.get(documentIn(jobsOf(runId), jobIdOf(work)));
  if (!job) return refuse(403, 'no such work');
  const { expiresAt, given, ...stored } = job.data;
  const expiresAtS = expiresAt.getTime() / 1_000;
  const reportHash = given?.nonce === stored.nonce ? given.hash : undefined;
  const tokens = { ...stored, reportHash, runId, work, expiresAtS };
  const verdict = verifyJobToken(text, wanted, tokens, clock.now());
  if (verdict !== 'ok') return refuse(statusOf(verdict, wanted), `the token is ${verdict}`);
  if (await isOver(runId, store)) return refuse(410, 'stage tests has ended');
  return { kind: 'admitted', runId, work, job };
}

function statusOf(verdict: Exclude<JobTokenVerdict, 'ok'>, wanted: JobTokenPurpose): RefusalStatus {
  switch (verdict) {
    case 'expired':
      return 401;
    case 'forged':
    case 'misused':
      return 403;
    case 'spent':
      return 409;
    case 'used':
      return wanted === 'work' ? 410 : 409;
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
