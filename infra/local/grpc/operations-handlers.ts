import { setTimeout } from 'node:timers/promises';
import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { z } from 'zod';
import type { FaultScripts } from '../faults.ts';
import { notFound } from '../rpc-error.ts';
import type { Operation, Operations } from '../run/operations.ts';
import type { ServiceCodec } from '../run/service-codec.ts';
import { unary } from './unary.ts';

const GetRequest = z.object({ name: z.string() });
const WaitRequest = z.object({
  name: z.string(),
  timeout: z.object({ seconds: z.coerce.number(), nanos: z.number() }).nullish(),
});

const defaultWaitMs = 30_000;

/** google.longrunning.Operations */
export function operationsHandlers(
  operations: Operations,
  codec: ServiceCodec,
  faults: FaultScripts,
): UntypedServiceImplementation {
  const find = (name: string): Operation => {
    const operation = operations.find(name);
    if (operation === undefined) throw notFound(name);
    return operation;
  };
  return {
    getOperation: unary('GetOperation', faults, GetRequest, ({ name }) => find(name).toProto(codec)),
    waitOperation: unary('WaitOperation', faults, WaitRequest, async ({ name, timeout }) => {
      const operation = find(name);
      const waitMs = timeout ? timeout.seconds * 1_000 + timeout.nanos / 1e6 : defaultWaitMs;
      const enough = new AbortController();
      await Promise.race([
        operation.reconciled,
        setTimeout(waitMs, undefined, { signal: enough.signal }).catch(() => {}),
      ]);
      enough.abort();
      return operation.toProto(codec);
    }),
  };
}
