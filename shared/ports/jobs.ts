import type { ExecutionName, JobRef } from '../domain/checks/job-ref.ts';

/** What one start of a job replaces. */
export interface JobOverrides {
  /** The whole list of arguments, in place of the job's own. Absent: the job's own. */
  readonly args?: readonly string[] | undefined;
  /** Added to the job's own variables; at most 32,768 bytes each. Everyone who may view the project can read them. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Absent: the job's own. */
  readonly taskCount?: number | undefined;
  /** The time limit of each attempt of each task; whole seconds, rounded up. Absent: the job's own. */
  readonly timeoutMs?: number | undefined;
}

export type ExecutionState =
  /** Accepted, and not ended; its container may not have started yet. */
  | { readonly kind: 'running' }
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'cancelled' }
  /** No such execution, or it was deleted: Cloud Run keeps a job's last 1,000. */
  | { readonly kind: 'gone' };

/**
 * Cloud Run Jobs: where users' own code runs.
 *
 * @throws {TransientError} it did not respond, or asked for a later attempt
 */
export interface Jobs {
  /**
   * Starts an execution of an existing job. Not idempotent: two calls make two executions, so the caller must hold the
   * claim of the work. Image, machine and account are the job's own and cannot be chosen here.
   * @throws {NotFoundError} no such job; the message says how to create it
   * @throws {PermanentError} a refusal: not permitted, malformed
   * @throws {UnknownOutcomeError} the response was lost; an execution may have started
   */
  start(job: JobRef, overrides: JobOverrides): Promise<ExecutionName>;
  /** @throws {PermanentError} not permitted, or the response could not be read */
  state(execution: ExecutionName): Promise<ExecutionState>;
  /**
   * Cancels an execution; returns when Cloud Run has accepted that, which is before its tasks have ended. Idempotent:
   * an execution that has ended stays as it is, and a missing one is not an error.
   * @throws {PermanentError} not permitted
   */
  cancel(execution: ExecutionName): Promise<void>;
}
