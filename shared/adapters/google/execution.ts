import { z } from 'zod';
import { countOf } from '../../domain/render/count-of.ts';
import type { ExecutionState } from '../../ports/jobs.ts';
import { GoogleCondition } from './condition.ts';
import { enumName, Text, Timestamp } from './wire.ts';

const executionReasons = {
  1: 'JOB_STATUS_SERVICE_POLLING_ERROR',
  2: 'NON_ZERO_EXIT_CODE',
  3: 'CANCELLED',
  4: 'CANCELLING',
  5: 'DELETED',
  6: 'DELAYED_START_PENDING',
};

const Count = z
  .number()
  .nullish()
  .transform((count) => count ?? 0);

/** The fields that we use of a google.cloud.run.v2.Execution. */
const GoogleExecution = z.object({
  conditions: z
    .array(z.intersection(GoogleCondition, z.object({ executionReason: enumName(executionReasons) })))
    .nullish(),
  completionTime: Timestamp,
  deleteTime: Timestamp,
  taskCount: Count,
  succeededCount: Count,
  failedCount: Count,
  cancelledCount: Count,
});
type GoogleExecution = z.infer<typeof GoogleExecution>;

/** The name in RunJob's response. */
export const StartedExecution = z.object({ name: Text });

/**
 * A cancelled execution is done without an error, and some of its tasks may have succeeded: the task counts take
 * precedence over the condition.
 * @throws {z.ZodError} the answer is not what the API promises
 */
export function parseGoogleExecution(answer: unknown): ExecutionState {
  const execution = GoogleExecution.parse(answer);
  if (execution.deleteTime !== undefined) return { kind: 'gone' };
  const completed = execution.conditions?.find(({ type }) => type === 'Completed');
  const ended =
    completed?.state === 'CONDITION_SUCCEEDED' ||
    completed?.state === 'CONDITION_FAILED' ||
    execution.completionTime !== undefined;
  if (!ended) return { kind: 'running' };
  if (execution.cancelledCount > 0 || completed?.executionReason === 'CANCELLED')
    return { kind: 'cancelled' };
  if (completed?.state === 'CONDITION_SUCCEEDED' && allSucceeded(execution)) return { kind: 'succeeded' };
  return { kind: 'failed', reason: completed?.message ?? describeCounts(execution) };
}

function allSucceeded({ taskCount, succeededCount }: GoogleExecution): boolean {
  return succeededCount >= Math.max(taskCount, 1);
}

function describeCounts({ taskCount, succeededCount, failedCount }: GoogleExecution): string {
  return `of ${countOf(taskCount, 'task')} ${succeededCount} succeeded and ${failedCount} failed`;
}
