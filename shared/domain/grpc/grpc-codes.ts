interface GrpcCode {
  readonly name: string;
  /** What HTTP has for it. */
  readonly status: number;
}

/** The codes of gRPC by their number. UNIMPLEMENTED is what a path is over HTTP that nobody serves. */
const codes: readonly GrpcCode[] = [
  { name: 'OK', status: 200 },
  { name: 'CANCELLED', status: 500 },
  { name: 'UNKNOWN', status: 500 },
  { name: 'INVALID_ARGUMENT', status: 400 },
  { name: 'DEADLINE_EXCEEDED', status: 504 },
  { name: 'NOT_FOUND', status: 404 },
  { name: 'ALREADY_EXISTS', status: 409 },
  { name: 'PERMISSION_DENIED', status: 403 },
  { name: 'RESOURCE_EXHAUSTED', status: 429 },
  { name: 'FAILED_PRECONDITION', status: 400 },
  { name: 'ABORTED', status: 409 },
  { name: 'OUT_OF_RANGE', status: 400 },
  { name: 'UNIMPLEMENTED', status: 404 },
  { name: 'INTERNAL', status: 500 },
  { name: 'UNAVAILABLE', status: 503 },
  { name: 'DATA_LOSS', status: 500 },
  { name: 'UNAUTHENTICATED', status: 401 },
];

/** @param text of the trailer `grpc-status`. @returns undefined: it is no code */
export function grpcCode(text: string | undefined): GrpcCode | undefined {
  return text !== undefined && /^\d{1,2}$/.test(text) ? codes[Number(text)] : undefined;
}
