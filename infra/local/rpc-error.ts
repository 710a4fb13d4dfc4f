import { status } from '@grpc/grpc-js';

/** An answer of the API that is a refusal: a canonical gRPC code and the platform's sentence. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: status;

  constructor(code: status, message: string) {
    super(message);
    this.code = code;
  }
}

export function invalidArgument(message: string): RpcError {
  return new RpcError(status.INVALID_ARGUMENT, message);
}

export function notFound(resource: string): RpcError {
  return new RpcError(status.NOT_FOUND, `Resource '${resource}' was not found`);
}
