import { type ExecutionName, type JobRef, jobNameOf } from '../../../domain/checks/job-ref.ts';
import { describeError, TransientError, UnknownOutcomeError } from '../../../domain/errors.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { JobOverrides, Jobs } from '../../../ports/jobs.ts';
import type { Logger } from '../../../ports/logger.ts';
import { rest, unlessAborted } from './rest.ts';

export type StartedJob =
  /** Without a name: the response was lost, and the execution may have started. */
  | { readonly kind: 'started'; readonly execution: ExecutionName | undefined }
  | { readonly kind: 'fault'; readonly detail: string }
  | { readonly kind: 'aborted' };

export interface JobPorts {
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The pause before another attempt, when nothing was started: a quota is available again within a minute. */
const waitsMs = [1_000, 4_000, 15_000, 40_000];

/** Starts a job. An execution that starts although it is no longer wanted is cancelled. */
export async function startJob(
  job: JobRef,
  overrides: JobOverrides,
  signal: AbortSignal,
  ports: JobPorts,
): Promise<StartedJob> {
  for (const waitMs of [...waitsMs, undefined]) {
    if (signal.aborted) break;
    const starting = ports.jobs.start(job, overrides);
    try {
      const execution = await unlessAborted(signal, () => starting);
      if (execution !== undefined) return { kind: 'started', execution };
      // Not awaited: the response may take longer than the aborted caller has time.
      starting.then((late) => cancelJob(late, ports)).catch(() => {});
      return { kind: 'aborted' };
    } catch (error) {
      if (error instanceof UnknownOutcomeError) {
        ports.log.warn({ code: 'job-start-unknown', job: jobNameOf(job) }, describeError(error));
        return { kind: 'started', execution: undefined };
      }
      if (!(error instanceof TransientError) || waitMs === undefined)
        return { kind: 'fault', detail: `its job could not be started: ${describeError(error)}` };
      await rest(waitMs, signal, ports.clock);
    }
  }
  return { kind: 'aborted' };
}

/** The share of the two seconds within which an aborted check must have released everything. */
const cancelMs = 1_500;

/** Cancels an execution; if the call fails, the execution ends by its own time limit. */
export async function cancelJob(execution: ExecutionName, { jobs, clock, log }: JobPorts): Promise<void> {
  const cancelling = jobs.cancel(execution).catch((error: unknown) => {
    log.warn({ code: 'job-not-cancelled', execution }, describeError(error));
  });
  await Promise.race([cancelling, clock.sleep(cancelMs)]);
}
