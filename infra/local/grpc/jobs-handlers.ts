import { status, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { z } from 'zod';
import type { JobRef } from '../../../shared/domain/checks/job-ref.ts';
import type { FaultScripts } from '../faults.ts';
import { parseJobName } from '../jobs/job-names.ts';
import { RunOverrides } from '../jobs/job-spec.ts';
import type { LocalExecution } from '../jobs/local-execution.ts';
import type { LocalJobs } from '../jobs/local-jobs.ts';
import { ResourceCodec } from '../jobs/resource-codec.ts';
import { parseLocationName } from '../resource-names.ts';
import { invalidArgument, RpcError } from '../rpc-error.ts';
import type { AnyCodec, Operation, Operations } from '../run/operations.ts';
import type { Protos } from './protos.ts';
import { unary } from './unary.ts';

const CreateRequest = z.object({ parent: z.string(), jobId: z.string(), job: z.unknown() });
const NameRequest = z.object({ name: z.string() });
const RunRequest = z.object({ name: z.string(), overrides: RunOverrides });

export interface JobsApi {
  readonly jobs: LocalJobs;
  readonly operations: Operations;
  readonly faults: FaultScripts;
  readonly protos: Protos;
}

/** google.cloud.run.v2.Jobs */
export function jobsHandlers({ jobs, operations, faults, protos }: JobsApi): UntypedServiceImplementation {
  const codec = new ResourceCodec(protos, 'google.cloud.run.v2.Job');
  const executionCodec = new ResourceCodec(protos, 'google.cloud.run.v2.Execution');
  const done = (ref: JobRef, render: () => object) => {
    const operation = operations.begin(ref, render, codec);
    operation.finish();
    return operation.toProto(codec);
  };
  return {
    createJob: unary('CreateJob', faults, CreateRequest, ({ parent, jobId, job }) => {
      const location = parseLocationName(parent);
      if (location === undefined) throw invalidArgument(`parent: '${parent}' is not a location`);
      const created = jobs.create({ ...location, job: jobId }, job);
      return done(created.ref, () => created.render());
    }),
    getJob: unary('GetJob', faults, NameRequest, ({ name }) => jobs.get(refOf(name)).render()),
    deleteJob: unary('DeleteJob', faults, NameRequest, async ({ name }) => {
      const deleted = await jobs.delete(refOf(name));
      return done(deleted.ref, () => deleted.render());
    }),
    runJob: unary('RunJob', faults, RunRequest, ({ name, overrides }, { neverEnds }) => {
      const ref = refOf(name);
      const execution = jobs.get(ref).run(overrides, neverEnds);
      return followExecution(ref, execution, operations, executionCodec).toProto(executionCodec);
    }),
  };
}

/** Done when the execution has ended; the end of a cancelled one is no error. */
function followExecution(
  ref: JobRef,
  execution: LocalExecution,
  operations: Operations,
  codec: AnyCodec,
): Operation {
  const operation = operations.begin(ref, () => execution.render(), codec);
  void execution.ended.then(() => {
    const failed = execution.outcome === 'failed';
    operation.finish(failed ? new RpcError(status.UNKNOWN, 'The execution failed.') : undefined);
  });
  return operation;
}

function refOf(name: string): JobRef {
  const ref = parseJobName(name);
  if (ref === undefined) throw invalidArgument(`name: '${name}' is not a job`);
  return ref;
}
