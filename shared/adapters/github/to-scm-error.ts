import { z } from 'zod';
import {
  CredentialsError,
  DeployLoopError,
  NotFoundError,
  PermanentError,
  TransientError,
  UnknownOutcomeError,
} from '../../domain/errors.ts';
import { type GithubFault, readGithubFault } from './github-fault.ts';

/** With these the connection was not made: nothing was sent. */
const unsent: readonly unknown[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];

/** What GitHub says against a commit that it does not know. */
const unknownCommit = /^No (commit|ref) found\b/;

/**
 * @param call its name in the message, such as `POST /repos/{owner}/{repo}/issues of acme/shop`
 * @param creates whether the call makes something anew each time: a lost answer then leaves the outcome unknown
 */
export function toScmError(error: unknown, call: string, creates: boolean): DeployLoopError {
  if (error instanceof DeployLoopError) return error;
  if (error instanceof z.ZodError) return lost(`${call}: GitHub's answer is not what it documents`, creates);
  const fault = readGithubFault(error);
  // Any other text may hold a header, and with it the credential.
  if (!fault) return new PermanentError(`${call}: ${error instanceof Error ? error.name : 'unknown error'}`);
  const refused = causesOf(error).find((cause) => cause instanceof DeployLoopError);
  if (refused instanceof DeployLoopError) return refused;
  if (fault.status === 0) return noAnswer(error, call, creates);
  return answered(fault, `${call}: ${fault.status} ${fault.text}`.trimEnd(), creates);
}

function answered(fault: GithubFault, message: string, creates: boolean): DeployLoopError {
  const { status, retryAfterMs, neededPermission } = fault;
  if (fault.isRateLimit) return new TransientError(message, later(retryAfterMs));
  if (status >= 500) return lost(message, creates, retryAfterMs);
  switch (status) {
    case 401:
      return new CredentialsError(`${message}: renew the token or the key of the GitHub App`);
    case 403:
      return new PermanentError(neededPermission ? `${message} (needs ${neededPermission})` : message);
    case 404:
    case 410:
      return new NotFoundError(`${message} (or the credential does not reach it)`);
    case 422:
      return unknownCommit.test(fault.text) ? new NotFoundError(message) : new PermanentError(message);
    default:
      return new PermanentError(message);
  }
}

function noAnswer(error: unknown, call: string, creates: boolean): DeployLoopError {
  const codes = causesOf(error).map((cause) => (hasCode(cause) ? cause.code : undefined));
  const isUnsent = codes.some((code) => unsent.includes(code));
  const code = codes.find((text) => typeof text === 'string' && /^[A-Z_]{1,40}$/.test(text));
  return lost(`${call}: GitHub did not answer${code ? ` (${code})` : ''}`, creates && !isUnsent);
}

function lost(message: string, creates: boolean, retryAfterMs?: number): DeployLoopError {
  return creates ? new UnknownOutcomeError(message) : new TransientError(message, later(retryAfterMs));
}

function later(retryAfterMs: number | undefined) {
  return retryAfterMs === undefined ? {} : { retryAfterMs };
}

/** By shape: an error of `fetch` may be of another realm than ours. */
function causesOf(error: unknown): unknown[] {
  const causes: unknown[] = [];
  for (let next = error; typeof next === 'object' && next !== null && causes.length < 5; ) {
    causes.push(next);
    next = 'cause' in next ? next.cause : undefined;
  }
  return causes;
}

function hasCode(cause: unknown): cause is { readonly code: unknown } {
  return typeof cause === 'object' && cause !== null && 'code' in cause;
}
