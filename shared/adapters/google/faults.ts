import { z } from 'zod';
import {
  type DeployLoopError,
  PermanentError,
  TrafficChangedError,
  TransientError,
  UnknownOutcomeError,
} from '../../domain/errors.ts';
import { hideSecrets } from '../../domain/redaction/hide-secrets.ts';
import { withMend } from './with-mend.ts';

/** The canonical gRPC codes that we distinguish; copied, so that the library need not be loaded for them. */
export const grpcCodes = {
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;
export type GrpcCode = keyof typeof grpcCodes;

/**
 * With these codes the API itself refuses a call, and would refuse it again. UNAUTHENTICATED is not one of them: a
 * token may have expired, and the next call gets a new one.
 */
const refusals: readonly (GrpcCode | undefined)[] = [
  'INVALID_ARGUMENT',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'FAILED_PRECONDITION',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
];

const maxTextLength = 500;
/** What gRPC adds to an error of a connection when it has nothing to add. */
const emptyNote = / Resolution note: *$/;
const conflictText = 'Conflict for resource';

/** The beginning of google-auth-library's message when it finds no credentials. */
const noCredentials = 'Could not load the default credentials';

const ErrorShape = z
  .object({ code: z.unknown().optional(), details: z.string().catch(''), message: z.string().catch('') })
  .catch({ code: undefined, details: '', message: 'unknown error' });

/** The error of a Google client, without the metadata and headers that it carries. */
export interface GoogleFault {
  /** Undefined: the API did not respond (for example, its name was not resolved). */
  readonly code: GrpcCode | undefined;
  readonly text: string;
}

export function faultOfError(error: unknown): GoogleFault {
  const { code, details, message } = ErrorShape.parse(error);
  const text = (details || message).replace(emptyNote, '');
  if (text.startsWith(noCredentials))
    return { code: undefined, text: 'no Google credentials. Sign in: gcloud auth application-default login' };
  return faultOfStatus(code, text);
}

/** @param code a gRPC status number; any other value means that the API did not respond */
export function faultOfStatus(code: unknown, text: string): GoogleFault {
  return {
    code: codeNames.find((name) => grpcCodes[name] === code),
    text: hideSecrets(text).slice(0, maxTextLength),
  };
}

const codeNames: readonly GrpcCode[] = Object.keys(grpcCodes).filter(
  (name): name is GrpcCode => name in grpcCodes,
);

/** For a call that changes nothing. @param call its name in the message @param role the role that permits it */
export function readError(call: string, fault: GoogleFault, role?: string): DeployLoopError {
  const message = describe(call, fault, role);
  return isRefusal(fault) ? new PermanentError(message) : new TransientError(message);
}

/** True: the API itself refused the call and would refuse it again; nothing was done. */
export function isRefusal({ code }: GoogleFault): boolean {
  return refusals.includes(code);
}

/**
 * For a read of a service under validation. Always worth another attempt: a permission may be granted meanwhile, and
 * the run's deadline limits the number of attempts.
 */
export function lookError(call: string, fault: GoogleFault, role?: string): DeployLoopError {
  return new TransientError(describe(call, fault, role));
}

/**
 * For a conditional write. Only a refusal by the API itself proves that nothing was written; a lost response leaves the
 * outcome unknown.
 */
export function writeError(call: string, fault: GoogleFault): DeployLoopError {
  const message = describe(call, fault);
  switch (fault.code) {
    case 'ABORTED':
      return new TrafficChangedError(message);
    case 'ALREADY_EXISTS':
    case 'FAILED_PRECONDITION':
      return fault.text.includes(conflictText)
        ? new TrafficChangedError(message)
        : new PermanentError(message);
    case 'RESOURCE_EXHAUSTED':
    case 'UNAUTHENTICATED':
      return new TransientError(message);
    default:
      return isRefusal(fault) ? new PermanentError(message) : new UnknownOutcomeError(message);
  }
}

function describe(call: string, { code, text }: GoogleFault, role?: string): string {
  return `${call}: ${code === undefined ? '' : `${code}: `}${withMend(code, text, role)}`;
}
