import { type ExecutionName, type JobRef, jobNameOf } from '../../../shared/domain/checks/job-ref.ts';
import { NotFoundError, PermanentError } from '../../../shared/domain/errors.ts';
import type { ExecutionState, JobOverrides, Jobs } from '../../../shared/ports/jobs.ts';

/** What a task of the fake does: resolves with its exit code; the signal is its cancellation or its timeout. */
export type FakeTask = (overrides: JobOverrides, signal: AbortSignal) => Promise<number>;

interface FakeExecution {
  state: ExecutionState;
  readonly cancel: AbortController;
}

/** Jobs in memory: tests give the program, and look at what was started. */
export class FakeJobs implements Jobs {
  /** Every start so far, in order. */
  readonly started: { readonly execution: ExecutionName; readonly overrides: JobOverrides }[] = [];
  readonly #tasks: ReadonlyMap<string, FakeTask>;
  readonly #executions = new Map<ExecutionName, FakeExecution>();

  constructor(jobs: readonly (readonly [JobRef, FakeTask])[]) {
    this.#tasks = new Map(jobs.map(([ref, task]) => [jobNameOf(ref), task]));
  }

  async start(ref: JobRef, overrides: JobOverrides): Promise<ExecutionName> {
    const task = this.#tasks.get(jobNameOf(ref));
    if (task === undefined)
      throw new NotFoundError(`no job ${jobNameOf(ref)}: gcloud run jobs create ${ref.job}`);
    const tooLong = Object.entries(overrides.env ?? {}).find(([, value]) => value.length > 32_768);
    if (tooLong) throw new PermanentError(`${tooLong[0]} is too long`);
    const execution = `${jobNameOf(ref)}/executions/${ref.job}-${this.started.length}` as ExecutionName;
    this.started.push({ execution, overrides });
    void this.#run(execution, task, overrides);
    return execution;
  }

  async state(execution: ExecutionName): Promise<ExecutionState> {
    return this.#executions.get(execution)?.state ?? { kind: 'gone' };
  }

  async cancel(execution: ExecutionName): Promise<void> {
    this.#executions.get(execution)?.cancel.abort();
  }

  async #run(execution: ExecutionName, task: FakeTask, overrides: JobOverrides): Promise<void> {
    const own: FakeExecution = { state: { kind: 'running' }, cancel: new AbortController() };
    this.#executions.set(execution, own);
    const { taskCount = 1, timeoutMs } = overrides;
    const signals = [own.cancel.signal, ...(timeoutMs === undefined ? [] : [AbortSignal.timeout(timeoutMs)])];
    const tasks = Array.from({ length: taskCount }, () => task(overrides, AbortSignal.any(signals)));
    const failed = (await Promise.all(tasks)).filter((code) => code !== 0).length;
    if (own.cancel.signal.aborted) own.state = { kind: 'cancelled' };
    else if (failed > 0) own.state = { kind: 'failed', reason: `${failed} tasks failed` };
    else own.state = { kind: 'succeeded' };
  }
}
