import { setTimeout } from 'node:timers/promises';
import { type JobRef, jobNameOf } from '../../../shared/domain/checks/job-ref.ts';
import type { Container } from '../process/container.ts';
import { LogBuffer } from '../process/log-buffer.ts';
import type { ExecutionSpec } from './apply-overrides.ts';
import { executionName } from './job-names.ts';
import type { JobPlatform } from './job-platform.ts';
import { type ExecutionProgress, renderExecution } from './render-execution.ts';
import { runTask, type TaskOutcome } from './run-task.ts';

export interface ExecutionOptions {
  readonly ref: JobRef;
  readonly id: string;
  readonly spec: ExecutionSpec;
  /** Undefined: the image does not exist. */
  readonly container: Container | undefined;
  readonly platform: JobPlatform;
  /** True: it is accepted, and never starts. */
  readonly neverStarts: boolean;
}

/** The longest that a timer waits: 24 days. */
const longestMs = 2_147_483_647;

/** One start of a job: pending, then its tasks run at the same time, then it has ended for good. */
export class LocalExecution {
  readonly name: string;
  readonly logs = new LogBuffer();
  /** Resolves when nothing of it runs any more. Never rejects. */
  readonly ended: Promise<void>;
  readonly #options: ExecutionOptions;
  readonly #end = new AbortController();
  #graceMs: number;
  #progress: ExecutionProgress = {
    createTime: new Date(),
    running: 0,
    succeeded: 0,
    failed: 0,
    cancelled: 0,
    retried: 0,
    cancelling: false,
  };

  constructor(options: ExecutionOptions) {
    this.name = executionName(options.ref, options.id);
    this.#options = options;
    this.#graceMs = options.platform.profile.shutdownGraceMs;
    this.ended = this.#run();
  }

  /** How it has ended. Undefined: it has not. */
  get outcome(): TaskOutcome | undefined {
    const { completionTime, cancelled, failed, reason } = this.#progress;
    if (completionTime === undefined) return undefined;
    if (cancelled > 0) return 'cancelled';
    return failed > 0 || reason !== undefined ? 'failed' : 'succeeded';
  }

  /** SIGTERM to every task, then SIGKILL after `graceMs`. May be called again; one that has ended stays as it is. */
  cancel(graceMs = this.#graceMs): void {
    if (this.#progress.completionTime !== undefined) return;
    this.#graceMs = graceMs;
    this.#advance({ cancelling: true });
    this.#end.abort();
  }

  render(): object {
    const { ref, spec } = this.#options;
    return renderExecution(this.name, jobNameOf(ref), spec, this.#progress);
  }

  async #run(): Promise<void> {
    const { spec, container, platform, neverStarts } = this.#options;
    const startMs = platform.random.between(platform.profile.jobStartMs);
    const { signal } = this.#end;
    await setTimeout(neverStarts ? longestMs : startMs, undefined, { signal }).catch(() => {});
    if (container === undefined && !signal.aborted) {
      this.#complete({ reason: `Image '${spec.container.image}' not found.` });
      return;
    }
    if (container === undefined || signal.aborted) {
      this.#complete({ cancelled: spec.taskCount });
      return;
    }
    this.#advance({ startTime: new Date(), running: spec.taskCount });
    await Promise.all(Array.from({ length: spec.taskCount }, (_, index) => this.#runTask(index, container)));
    const { failed } = this.#progress;
    this.#complete(
      failed > 0
        ? { reason: `${failed} of ${spec.taskCount} tasks failed: the container exited with an error.` }
        : {},
    );
  }

  async #runTask(index: number, container: Container): Promise<void> {
    const { ref, id, spec, platform } = this.#options;
    const outcome = await runTask({
      container,
      platformEnv: {
        CLOUD_RUN_JOB: ref.job,
        CLOUD_RUN_EXECUTION: id,
        CLOUD_RUN_TASK_INDEX: String(index),
        CLOUD_RUN_TASK_COUNT: String(spec.taskCount),
      },
      maxRetries: spec.maxRetries,
      timeoutMs: spec.timeoutMs,
      graceMs: () => this.#graceMs,
      logs: this.logs,
      guard: platform.guard,
      signal: this.#end.signal,
      onRetry: () => this.#advance({ retried: this.#progress.retried + 1 }),
    });
    this.#advance({ running: this.#progress.running - 1, [outcome]: this.#progress[outcome] + 1 });
  }

  #complete(change: Partial<ExecutionProgress>): void {
    this.#advance({ ...change, completionTime: new Date() });
  }

  #advance(change: Partial<ExecutionProgress>): void {
    this.#progress = { ...this.#progress, ...change };
  }
}
