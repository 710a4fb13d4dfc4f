import { setTimeout } from 'node:timers/promises';
import { type handleUnaryCall, Metadata, status } from '@grpc/grpc-js';
import { z } from 'zod';
import type { ApiMethod, FaultScripts } from '../faults.ts';
import { RpcError } from '../rpc-error.ts';

export interface CallContext {
  /** True: somebody else is to write just before this call. */
  readonly staleEtag: boolean;
  /** True: what this call begins is never done. */
  readonly neverEnds: boolean;
}

const unavailable = () => new RpcError(status.UNAVAILABLE, 'The service is currently unavailable.');

/** Makes a gRPC handler of a function: parses the request, plays the fault that is due, answers errors by code. */
export function unary<S extends z.ZodType>(
  method: ApiMethod,
  faults: FaultScripts,
  schema: S,
  handle: (request: z.infer<S>, context: CallContext) => object | Promise<object>,
): handleUnaryCall<unknown, object> {
  const answer = async (request: unknown): Promise<object> => {
    const { fault, latencyMs = 0 } = faults.take(method) ?? {};
    if (latencyMs > 0) await setTimeout(latencyMs, undefined, { ref: false });
    if (fault !== undefined && 'code' in fault) throw new RpcError(fault.code, fault.message);
    if (fault !== undefined && 'dropRequest' in fault) throw unavailable();
    const parsed = schema.safeParse(request);
    if (!parsed.success) throw new RpcError(status.INVALID_ARGUMENT, z.prettifyError(parsed.error));
    const response = await handle(parsed.data, {
      staleEtag: fault !== undefined && 'staleEtag' in fault,
      neverEnds: fault !== undefined && 'neverEnds' in fault,
    });
    if (fault !== undefined && 'loseAnswer' in fault) throw unavailable();
    return response;
  };
  return (call, callback) => {
    answer(call.request).then(
      (response) => callback(null, response),
      (error: unknown) => {
        const code = error instanceof RpcError ? error.code : status.INTERNAL;
        const details = error instanceof Error ? error.message : String(error);
        callback({ code, details, metadata: new Metadata() });
      },
    );
  };
}
