import { setTimeout } from 'node:timers/promises';
import type { Container } from '../process/container.ts';
import { ContainerProcess } from '../process/container-process.ts';
import type { LogBuffer } from '../process/log-buffer.ts';
import type { OrphanGuard } from '../process/orphan-guard.ts';
import { descendantsOf } from '../process/process-tree.ts';

export type TaskOutcome = 'succeeded' | 'failed' | 'cancelled';

export interface TaskOptions {
  readonly container: Container;
  readonly platformEnv: Readonly<Record<string, string>>;
  readonly maxRetries: number;
  readonly timeoutMs: number;
  /** From SIGTERM to SIGKILL; asked when it is needed. */
  readonly graceMs: () => number;
  readonly logs: LogBuffer;
  readonly guard: OrphanGuard;
  /** Ends the task: it is cancelled then, whatever its container answers. */
  readonly signal: AbortSignal;
  /** Told when a failed attempt is followed by another. */
  readonly onRetry: () => void;
}

/** One task of an execution: its container, started again after a failure as often as the job says. */
export async function runTask(options: TaskOptions): Promise<TaskOutcome> {
  const { maxRetries, signal, onRetry } = options;
  for (let attempt = 0; ; attempt++) {
    if (signal.aborted) return 'cancelled';
    if (attempt > 0) onRetry();
    const succeeded = await runAttempt(options, attempt);
    if (signal.aborted) return 'cancelled';
    if (succeeded) return 'succeeded';
    if (attempt >= maxRetries) return 'failed';
  }
}

async function runAttempt(options: TaskOptions, attempt: number): Promise<boolean> {
  const { container, platformEnv, timeoutMs, graceMs, logs, guard, signal } = options;
  const env = { ...platformEnv, CLOUD_RUN_TASK_ATTEMPT: String(attempt) };
  const running = new ContainerProcess({ container, platformEnv: env, logs, guard });
  const timedOut = await setTimeout(timeoutMs, true, {
    signal: AbortSignal.any([signal, running.ended]),
  }).catch(() => false);
  if (timedOut) {
    const seconds = timeoutMs / 1_000;
    logs.add(
      'platform',
      `Terminating task because it has reached the maximum timeout of ${seconds} seconds.`,
    );
  }
  // A container is a world of its own: with it ends also what has made a session of its own inside.
  if (timedOut || signal.aborted) await running.stop(graceMs(), descendantsOf);
  await running.closed;
  return running.succeeded && !timedOut;
}
