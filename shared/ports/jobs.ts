import type { ExecutionName, JobRef } from '../domain/checks/job-ref.ts';

/** What one start of a job has in place of the job's own. */
export interface JobOverrides {
  /** The whole list: the job's own arguments are left out. Absent: the job's own. */
  readonly args?: readonly string[] | undefined;
  /** Besides the job's own variables; at most 32,768 bytes each. Who may view the project can read them. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Absent: the job's own. */
  readonly taskCount?: number | undefined;
  /** Bounds each attempt of each task; whole seconds, rounded up. Absent: the job's own. */
  readonly timeoutMs?: number | undefined;
}

export type ExecutionState =
  /** Accepted, and not ended; its container may not have started yet. */
  | { readonly kind: 'running' }
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'cancelled' }
  /** No such execution, or deleted: Cloud Run keeps a job's last 1,000. */
  | { readonly kind: 'gone' };

/**
 * Cloud Run Jobs: where users' own code runs.
 *
 * @throws {TransientError} it did not answer, or asks to come back later
 */
export interface Jobs {
  /**
   * Starts an execution of a job that exists. Not idempotent: two calls make two executions, so whoever calls must hold
   * the claim of the work. Image, machine and account are the job's own and cannot be chosen here.
   * @throws {NotFoundError} no such job; says how to create it
   * @throws {PermanentError} it refuses: not permitted, malformed
   * @throws {UnknownOutcomeError} the answer was lost; an execution may have started
   */
  start(job: JobRef, overrides: JobOverrides): Promise<ExecutionName>;
  /** @throws {PermanentError} not permitted, or the answer could not be read */
  state(execution: ExecutionName): Promise<ExecutionState>;
  /**
   * Ends an execution; returns when Cloud Run has accepted it, which is before its tasks have ended. Idempotent:
   * one that has ended stays as it is, one that is gone is no fault.
   * @throws {PermanentError} not permitted
   */
  cancel(execution: ExecutionName): Promise<void>;
}
