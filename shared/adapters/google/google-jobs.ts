import type { ExecutionsClient, JobsClient } from '@google-cloud/run';
import { ExecutionNameSchema } from '../../contracts/suites/job-name.ts';
import { type ExecutionName, type JobRef, jobNameOf } from '../../domain/checks/job-ref.ts';
import { PermanentError, UnknownOutcomeError } from '../../domain/errors.ts';
import type { ExecutionState, JobOverrides, Jobs } from '../../ports/jobs.ts';
import { type GoogleOptions, googleClientOptions } from './client-options.ts';
import { parseGoogleExecution, StartedExecution } from './execution.ts';
import { faultOfError, faultOfStatus, readError } from './faults.ts';
import { startError } from './job-faults.ts';
import { LazyClient } from './lazy-client.ts';
import { boundedCall, readGoogle } from './read-google.ts';

const writeTimeoutMs = 15_000;

/** Cloud Run Jobs by Google's own clients, over gRPC. */
export class GoogleJobs implements Jobs {
  readonly #jobs: LazyClient<JobsClient>;
  readonly #executions: LazyClient<ExecutionsClient>;

  constructor(options: GoogleOptions = {}) {
    this.#jobs = new LazyClient(async () => {
      const { JobsClient } = await import('@google-cloud/run');
      const client = new JobsClient(await googleClientOptions(options));
      // Checked here, so that missing credentials are never taken for a lost response to a start.
      await client.initialize();
      return client;
    });
    this.#executions = new LazyClient(async () => {
      const { ExecutionsClient } = await import('@google-cloud/run');
      return new ExecutionsClient(await googleClientOptions(options));
    });
  }

  async start(job: JobRef, overrides: JobOverrides): Promise<ExecutionName> {
    const name = jobNameOf(job);
    const client = await this.#jobs.get().catch((error: unknown) => {
      throw readError(`RunJob ${name}`, faultOfError(error));
    });
    const [operation] = await client
      .runJob({ name, overrides: toGoogleOverrides(overrides) }, boundedCall(writeTimeoutMs))
      .catch((error: unknown) => {
        throw startError(job, faultOfError(error));
      });
    const refusal = operation.latestResponse.error;
    if (refusal) throw startError(job, faultOfStatus(refusal.code, refusal.message ?? ''));
    // The execution is in the metadata at once; the operation itself is done only when the execution is.
    const started = StartedExecution.safeParse(operation.metadata).data?.name;
    const parsed = ExecutionNameSchema.safeParse(started);
    if (!parsed.success) throw new UnknownOutcomeError(`RunJob ${name}: the response names no execution`);
    return parsed.data;
  }

  async state(execution: ExecutionName): Promise<ExecutionState> {
    const result = await readGoogle(async (options) => {
      const client = await this.#executions.get();
      return await client.getExecution({ name: execution }, options);
    });
    if (!result.ok) {
      if (result.fault.code === 'NOT_FOUND') return { kind: 'gone' };
      throw readError(`GetExecution ${execution}`, result.fault);
    }
    try {
      return parseGoogleExecution(result.value[0]);
    } catch (error) {
      throw new PermanentError(`${execution}: the response could not be read`, { cause: error });
    }
  }

  async cancel(execution: ExecutionName): Promise<void> {
    const result = await readGoogle(async (options) => {
      const client = await this.#executions.get();
      return await client.cancelExecution({ name: execution }, options);
    });
    if (result.ok || result.fault.code === 'NOT_FOUND') return;
    // How Cloud Run refuses to cancel an ended execution is not documented: read its state instead of trusting the
    // code.
    const { kind } = await this.state(execution);
    if (kind === 'running') throw readError(`CancelExecution ${execution}`, result.fault);
  }

  /** Releases the sockets. The next call opens them again. */
  async close(): Promise<void> {
    await Promise.all([this.#jobs.close(), this.#executions.close()]);
  }
}

/** As google.cloud.run.v2.RunJobRequest.Overrides. A job has one container, which needs no name. */
function toGoogleOverrides({ args, env, taskCount, timeoutMs }: JobOverrides) {
  const variables = Object.entries(env ?? {}).map(([name, value]) => ({ name, value }));
  return {
    containerOverrides: [
      { args: [...(args ?? [])], clearArgs: args !== undefined && args.length === 0, env: variables },
    ],
    ...(taskCount !== undefined && { taskCount }),
    ...(timeoutMs !== undefined && { timeout: { seconds: Math.ceil(timeoutMs / 1_000) } }),
  };
}
