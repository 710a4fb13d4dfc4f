import { status, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { z } from 'zod';
import { jobOfExecution } from '../jobs/job-names.ts';
import { ResourceCodec } from '../jobs/resource-codec.ts';
import { invalidArgument, RpcError } from '../rpc-error.ts';
import type { JobsApi } from './jobs-handlers.ts';
import { unary } from './unary.ts';

const NameRequest = z.object({ name: z.string() });

/** google.cloud.run.v2.Executions */
export function executionsHandlers({
  jobs,
  operations,
  faults,
  protos,
}: JobsApi): UntypedServiceImplementation {
  const codec = new ResourceCodec(protos, 'google.cloud.run.v2.Execution');
  return {
    getExecution: unary('GetExecution', faults, NameRequest, ({ name }) => jobs.execution(name).render()),
    cancelExecution: unary('CancelExecution', faults, NameRequest, ({ name }, { neverEnds }) => {
      const ref = jobOfExecution(name);
      if (ref === undefined) throw invalidArgument(`name: '${name}' is not an execution`);
      const execution = jobs.execution(name);
      if (execution.outcome !== undefined)
        throw new RpcError(status.FAILED_PRECONDITION, `Execution '${name}' has already ended.`);
      const operation = operations.begin(ref, () => execution.render(), codec);
      if (!neverEnds) {
        execution.cancel();
        void execution.ended.then(() => operation.finish());
      }
      return operation.toProto(codec);
    }),
  };
}
