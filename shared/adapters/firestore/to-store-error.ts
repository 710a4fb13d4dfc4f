import { status } from '@grpc/grpc-js';
import { DeployLoopError, PermanentError, TransientError, WriteConflictError } from '../../domain/errors.ts';
import { hideSecrets } from '../../domain/redaction/hide-secrets.ts';
import { withMend } from '../google/with-mend.ts';

/** The call that failed. */
export interface Attempt {
  /** For people: `get runs/1a2b`, `commit of 3 writes` … */
  readonly what: string;
  /** The gRPC codes that mean that a document is not in the state that the writes expect. */
  readonly conflicts: readonly status[];
  /** Added to the message when Firestore answers FAILED_PRECONDITION (9). */
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
 * Converts an error of the client to one of ours. Only its code and text are kept: the object also holds the request's
 * metadata, with the access token.
 */
export function toStoreError(error: unknown, { what, conflicts, hint }: Attempt): DeployLoopError {
  if (error instanceof DeployLoopError) return error;
  const code = codeOf(error);
  const text = withMend(code === status.PERMISSION_DENIED ? 'PERMISSION_DENIED' : undefined, textOf(error));
  const message = `Firestore, ${what}: ${text}`;
  // No code: the call failed before it was sent (no credentials, no name server), which may pass.
  if (code === undefined || transient.includes(code)) return new TransientError(message);
  if (conflicts.includes(code)) return new WriteConflictError(message);
  return new PermanentError(code === status.FAILED_PRECONDITION && hint ? `${message} (${hint})` : message);
}

/** A missing database is NOT_FOUND too, but its text names no document; only an update can miss a document. */
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
  return hideSecrets(text).split('\n', 1)[0]?.slice(0, 500) ?? '';
}
