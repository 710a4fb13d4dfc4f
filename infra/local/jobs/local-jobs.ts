import { status } from '@grpc/grpc-js';
import { z } from 'zod';
import { type ExecutionName, type JobRef, jobNameOf } from '../../../shared/domain/checks/job-ref.ts';
import type { Container } from '../process/container.ts';
import type { LogEntry } from '../process/log-buffer.ts';
import type { Location } from '../resource-names.ts';
import { invalidArgument, notFound, RpcError } from '../rpc-error.ts';
import { jobOfExecution } from './job-names.ts';
import type { JobPlatform } from './job-platform.ts';
import { JobSpec } from './job-spec.ts';
import type { LocalExecution } from './local-execution.ts';
import { LocalJob } from './local-job.ts';

const namePattern = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** What `gcloud run jobs create` would be told. */
export interface JobDefinition {
  readonly job: string;
  /** What its image runs; overrides replace the arguments. */
  readonly container: Container;
  readonly maxRetries?: number;
  readonly timeoutMs?: number;
}

/** Every job of one local cloud, in all its projects and regions. */
export class LocalJobs {
  readonly #platform: JobPlatform;
  readonly #home: Location;
  readonly #jobs = new Map<string, LocalJob>();

  constructor(platform: JobPlatform, home: Location) {
    this.#platform = platform;
    this.#home = home;
  }

  /** Creates a job in the local cloud's own project and region. @throws {RpcError} not accepted */
  define({ job, container, maxRetries = 0, timeoutMs = 600_000 }: JobDefinition): JobRef {
    const { project, region } = this.#home;
    const { command, args = [], env = {} } = container;
    const variables = Object.entries(env).map(([name, value]) => ({ name, value }));
    const task = {
      containers: [{ image: 'local', command: [command], args, env: variables }],
      maxRetries,
      timeout: { seconds: timeoutMs / 1_000 },
    };
    return this.create({ project, region, job }, { template: { template: task } }).ref;
  }

  /** @param job a google.cloud.run.v2.Job @throws {RpcError} ALREADY_EXISTS, INVALID_ARGUMENT */
  create(ref: JobRef, job: unknown): LocalJob {
    if (!namePattern.test(ref.job)) throw invalidArgument(`job_id: '${ref.job}' is not a job name`);
    if (this.#jobs.has(jobNameOf(ref)))
      throw new RpcError(status.ALREADY_EXISTS, `Resource '${ref.job}' already exists.`);
    const spec = JobSpec.safeParse(job);
    if (!spec.success) throw invalidArgument(`job: ${z.prettifyError(spec.error)}`);
    const created = new LocalJob(ref, spec.data, this.#platform);
    this.#jobs.set(jobNameOf(ref), created);
    return created;
  }

  /** @throws {RpcError} NOT_FOUND */
  get(ref: JobRef): LocalJob {
    const job = this.#jobs.get(jobNameOf(ref));
    if (job === undefined) throw notFound(jobNameOf(ref));
    return job;
  }

  /** @throws {RpcError} NOT_FOUND */
  execution(name: string): LocalExecution {
    const ref = jobOfExecution(name);
    const execution = ref && this.#jobs.get(jobNameOf(ref))?.find(name);
    if (execution === undefined) throw notFound(name);
    return execution;
  }

  /** What an execution's containers have printed, and the platform about them, oldest first. */
  logs(name: ExecutionName): readonly LogEntry[] {
    return this.execution(name).logs.entries();
  }

  /** Deletes a job with its executions. @throws {RpcError} NOT_FOUND */
  async delete(ref: JobRef): Promise<LocalJob> {
    const job = this.get(ref);
    this.#jobs.delete(jobNameOf(ref));
    await job.stop();
    return job;
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#jobs.values()].map((job) => job.stop()));
  }
}
