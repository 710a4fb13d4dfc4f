import { status } from '@grpc/grpc-js';
import { DeployLoopError, PermanentError, TransientError, WriteConflictError } from '../../domain/errors.ts';

/** What was being done when the client failed. */
export interface Attempt {
  /** For people: `get runs/1a2b`, `commit of 3 writes` … */
  readonly what: string;
  /** The gRPC codes by which Firestore says that a document is not as the writes expect it. */
  readonly conflicts: readonly status[];
  /** Added when Firestore refuses the state that it is in, code 9. */
  readonly hint?: string;
}

const transient: readonly status[] = [
  status.CANCELLED,
  status.UNKNOWN,
  status.DEADLINE_EXCEEDED,
  status.RESOURCE_EXHAUSTED,
  status.ABORTED,
  status.INTERNAL,
  status.UNAVAILABLE,
  // An access token that has run out: the client gets another.
  status.UNAUTHENTICATED,
];

/**
 * Our error for one of the client. Only its code and text are kept: the object also holds the request's metadata,
 * with the access token.
 */
export function toStoreError(error: unknown, { what, conflicts, hint }: Attempt): DeployLoopError {
  if (error instanceof DeployLoopError) return error;
  const message = `Firestore, ${what}: ${textOf(error)}`;
  const code = codeOf(error);
  // No code: it failed before it was sent, such as for want of credentials or a name server, which may come back.
  if (code === undefined || transient.includes(code)) return new TransientError(message);
  if (conflicts.includes(code)) return new WriteConflictError(message);
  return new PermanentError(code === status.FAILED_PRECONDITION && hint ? `${message} (${hint})` : message);
}

/** A missing database is NOT_FOUND too, but says so of no document; only an update can miss a document. */
export function conflictsOf(writes: readonly { readonly kind: 'create' | 'update' }[]): readonly status[] {
  const updates = writes.some(({ kind }) => kind === 'update');
  return updates
    ? [status.ALREADY_EXISTS, status.NOT_FOUND, status.FAILED_PRECONDITION]
    : [status.ALREADY_EXISTS];
}

function codeOf(error: unknown): status | undefined {
  const code: unknown =
    typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? code : undefined;
}

function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0]?.slice(0, 500) ?? '';
}
