/** Why a response counts against a revision. */
export const faults = [
  'server-error',
  'refused',
  'wrong-status',
  'wrong-body',
  'wrong-header',
  'too-slow',
  'timeout',
] as const;
export type Fault = (typeof faults)[number];

/** Why a response says nothing about a revision: the guard, its network or the platform's edge interferes. */
export const unknownCauses = [
  'not-allowed',
  'platform-not-found',
  'overload',
  'name-resolution',
  'tls',
  'blocked',
  'unreachable',
  'no-value',
  'too-expensive',
] as const;
export type UnknownCause = (typeof unknownCauses)[number];

/** The judgement of one probe on the revision behind it. */
export type ProbeOutcome =
  | {
      readonly kind: 'good';
      readonly status: number;
      readonly latencyMs: number;
      /** What is told of it, and never acted on. */
      readonly warning?: string | undefined;
    }
  | {
      readonly kind: 'bad';
      readonly fault: Fault;
      readonly status?: number | undefined;
      readonly latencyMs: number;
      readonly detail: string;
      /** When the service asks to be asked again, with a 429 or a 503. */
      readonly retryAfterMs?: number | undefined;
      /** True: all that is wrong is which build it says that it is of. */
      readonly ofBuild?: boolean | undefined;
    }
  | { readonly kind: 'unknown'; readonly cause: UnknownCause; readonly detail: string };

/** Faults that a cold or busy instance can explain. */
export function isSlow(fault: Fault): boolean {
  return fault === 'too-slow' || fault === 'timeout';
}

/** The application refuses every caller. */
const refusals: readonly (number | undefined)[] = [401, 403, 429];

/** Faults that a warm-up cannot explain once the revision is Ready. */
export function isHardFault(outcome: ProbeOutcome): boolean {
  if (outcome.kind !== 'bad') return false;
  const { fault, status } = outcome;
  return (
    fault === 'server-error' || fault === 'refused' || (fault === 'wrong-status' && refusals.includes(status))
  );
}
