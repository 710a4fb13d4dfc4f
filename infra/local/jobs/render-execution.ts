import { timestampOf } from '../timestamp.ts';
import type { ExecutionSpec } from './apply-overrides.ts';

export interface ExecutionProgress {
  readonly createTime: Date;
  /** Undefined: no container has started. */
  readonly startTime?: Date | undefined;
  /** Undefined: it has not ended. */
  readonly completionTime?: Date | undefined;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly retried: number;
  /** True: somebody has asked for its end. */
  readonly cancelling: boolean;
  /** Why it failed. */
  readonly reason?: string | undefined;
}

/** As google.cloud.run.v2.Execution. */
export function renderExecution(
  name: string,
  job: string,
  spec: ExecutionSpec,
  progress: ExecutionProgress,
): object {
  const { createTime, startTime, completionTime, running, succeeded, failed, cancelled, retried } = progress;
  return {
    name,
    job,
    createTime: timestampOf(createTime),
    ...(startTime && { startTime: timestampOf(startTime) }),
    ...(completionTime && { completionTime: timestampOf(completionTime) }),
    taskCount: spec.taskCount,
    parallelism: spec.taskCount,
    template: { containers: [spec.container], maxRetries: spec.maxRetries },
    reconciling: completionTime === undefined,
    conditions: [completedCondition(progress)],
    runningCount: running,
    succeededCount: succeeded,
    failedCount: failed,
    cancelledCount: cancelled,
    retriedCount: retried,
  };
}

function completedCondition(progress: ExecutionProgress): object {
  const { completionTime, createTime, cancelling, cancelled, failed, reason = '' } = progress;
  const condition = { type: 'Completed', lastTransitionTime: timestampOf(completionTime ?? createTime) };
  if (completionTime === undefined) {
    return {
      ...condition,
      state: 'CONDITION_RECONCILING',
      ...(cancelling && { executionReason: 'CANCELLING' }),
    };
  }
  if (cancelled > 0)
    return {
      ...condition,
      state: 'CONDITION_FAILED',
      message: 'Execution was cancelled.',
      executionReason: 'CANCELLED',
    };
  if (failed > 0 || reason !== '')
    return {
      ...condition,
      state: 'CONDITION_FAILED',
      message: reason,
      ...(failed > 0 && { executionReason: 'NON_ZERO_EXIT_CODE' }),
    };
  return { ...condition, state: 'CONDITION_SUCCEEDED', message: 'Execution completed successfully.' };
}
