import { type JobRef, jobNameOf } from '../../domain/checks/job-ref.ts';
import {
  type DeployLoopError,
  NotFoundError,
  PermanentError,
  TransientError,
  UnknownOutcomeError,
} from '../../domain/errors.ts';
import { type GoogleFault, isRefusal } from './faults.ts';

/** For RunJob, which is not a conditional write: if its response was lost, an execution may have started. */
export function startError(ref: JobRef, fault: GoogleFault): DeployLoopError {
  const { code, text } = fault;
  const name = jobNameOf(ref);
  const message = `RunJob ${name}: ${code === undefined ? '' : `${code}: `}${text}`;
  switch (code) {
    case 'NOT_FOUND':
      return new NotFoundError(`${message}. ${creationHint(ref)}`);
    case 'PERMISSION_DENIED':
      return new PermanentError(
        `${message}. The guard's account needs run.jobs.run and run.jobs.runWithOverrides on the job`,
      );
    case 'RESOURCE_EXHAUSTED':
    case 'ABORTED':
    case 'UNAUTHENTICATED':
      return new TransientError(message);
    default:
      return isRefusal(fault) ? new PermanentError(message) : new UnknownOutcomeError(message);
  }
}

function creationHint({ project, region, job }: JobRef): string {
  return (
    `Create the job: gcloud run jobs create ${job} --project ${project} --region ${region} --image IMAGE ` +
    '--command sh --max-retries 0 --service-account ACCOUNT_WITHOUT_ROLES'
  );
}
