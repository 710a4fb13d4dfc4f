import { hideSecrets } from './redaction/hide-secrets.ts';

/**
 * Errors of the outside world, and whether the same call may succeed later. A service throws one of these when it
 * cannot continue; an expected result of a check is data, not an error.
 */
export abstract class DeployLoopError extends Error {
  /** True: deliver the message again later. False: acknowledge it and record the fault. */
  abstract readonly retryable: boolean;
}

/** The other side was unavailable, overloaded or too slow; nothing was changed. */
export class TransientError extends DeployLoopError {
  override readonly name = 'TransientError';
  readonly retryable = true;
  /** How long the other side asked to wait before the next call; undefined: it named no time. */
  readonly retryAfterMs: number | undefined;
  constructor(message: string, options: ErrorOptions & { readonly retryAfterMs?: number } = {}) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The same call will fail the same way: not found, not permitted, malformed. */
export class PermanentError extends DeployLoopError {
  override readonly name = 'PermanentError';
  readonly retryable = false;
}

/** This process has no credentials, or none that can be used; nothing was done. */
export class CredentialsError extends DeployLoopError {
  override readonly name = 'CredentialsError';
  readonly retryable = false;
}

/** What was named does not exist. */
export class NotFoundError extends DeployLoopError {
  override readonly name = 'NotFoundError';
  readonly retryable = false;
}

/** A document was created or changed by someone else since it was read: read again and decide again. */
export class WriteConflictError extends DeployLoopError {
  override readonly name = 'WriteConflictError';
  readonly retryable = true;
}

/** A stored document does not have the shape that its collection promises. */
export class CorruptRecordError extends DeployLoopError {
  override readonly name = 'CorruptRecordError';
  readonly retryable = false;
  readonly path: string;
  constructor(path: string, detail: string, options?: ErrorOptions) {
    super(`document ${path} does not match its schema: ${detail}`, options);
    this.path = path;
  }
}

/** The service changed after its etag was read; nothing was written. Decide again, never repeat blindly. */
export class TrafficChangedError extends DeployLoopError {
  override readonly name = 'TrafficChangedError';
  readonly retryable = true;
}

/** A write was sent and its response was lost: it may have taken effect, or may still do so. */
export class UnknownOutcomeError extends DeployLoopError {
  override readonly name = 'UnknownOutcomeError';
  readonly retryable = true;
}

/** The printable text of any thrown value: never a stack, never a request's headers, and nothing like a secret. */
export function describeError(error: unknown): string {
  // The name of an error of ours says nothing to a reader that its message does not say.
  if (error instanceof DeployLoopError) return hideSecrets(error.message);
  return hideSecrets(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}

/** True when delivering the message again may help: everything but a fault known to be permanent. */
export function isRetryable(error: unknown): boolean {
  return !(error instanceof DeployLoopError) || error.retryable;
}
