import { type Fault, faults, unknownCauses } from './health/probe-outcome.ts';

/** How a stage, and with its first stage that is not `pass` a whole run, ends. */
export const verdicts = ['pass', 'fail', 'inconclusive', 'superseded'] as const;
export type Verdict = (typeof verdicts)[number];

/** What a decision asks route-traffic to do; `hold`: nothing, and a canary's split stays as it is for a human. */
export const actions = ['none', 'hold', 'rollback', 'promote', 'step', 'abort', 'mark-good'] as const;
export type Action = (typeof actions)[number];

/** Every reason that is recorded, by what it is about; see `Reason`. Stored: a code is never given another meaning. */
export const reasonCodes = [
  // Good.
  'healthy',
  'tests-passed',
  'healthy-without-traffic',
  'degraded',
  // The revision's own answers are bad.
  ...faults,
  'never-ready',
  'request-errors',
  'request-latency',
  'flapping',
  'regression',
  // How the stable revision compares.
  'stable-good',
  'stable-unreachable',
  'dependency',
  'no-baseline',
  'not-compared',
  // Nothing can be said of the revision.
  ...unknownCauses,
  'gone',
  'edge',
  'mixed',
  'few-requests',
  'request-log',
  'deadline',
  'watch-too-short',
  // Checks.
  'no-tests',
  'missing-results',
  'fix-test',
  'known-failures',
  'tests-not-compared',
  'tests-latency',
  'suspect-tests',
  // A newer deploy or a person has changed things.
  'superseded',
  'overtaken',
  'traffic-changed',
  'aborted',
  'paused',
  'frozen',
  'killed',
  'human-pin',
  // Why a run, or an effect, moves no traffic.
  'record',
  'observe',
  'policy-freeze',
  'policy-notify',
  'no-traffic',
  'newer-revision',
  'share-changed',
  'candidate-not-ready',
  'candidate-failing',
  'candidate-unreachable',
  'recovered',
  'follows-latest',
  'not-pinned',
  'preview',
  'migration',
  'loop',
  'cooldown',
  'per-day',
  'no-target',
  'target-deleted',
  'target-not-ready',
  'target-denied',
  'target-too-old',
  'target-too-far',
  'target-unverified',
  'target-unreachable',
  'target-failing',
  'closed',
  'expired',
  'in-use',
  'reachable',
  'unchanged',
  // What became of an effect.
  'done',
  'promoted',
  'rolled-back',
  'recorded-good',
  'not-recorded',
  'tagged',
  'untagged',
  'no-service',
  'unknown-outcome',
  'retry',
  'given-up',
  // What became of a rollback for users.
  'restored',
  'unrestored',
  'unverified',
  // What a person should look at.
  'pin-lost',
  'unvalidated-revision',
  'unverified-revision',
  // Builds and messages.
  'validated',
  'no-config',
  'not-watched',
  'no-revision',
  'unknown-run',
  'unknown-build',
  'stale',
  'deployed-nothing',
  'ambiguous',
  'malformed',
  'permanent',
  'dead-letter',
  'late',
  'accepted',
  // Recorded by earlier versions.
  'undecided',
  'judged-bad',
  'no-intent',
  // A newer version has recorded a reason that this one does not know.
  'other',
] as const;
export type ReasonCode = (typeof reasonCodes)[number];

/** Why, as data: a code for programs and a text for people. */
export interface Reason {
  readonly code: ReasonCode;
  readonly text: string;
}

/** True: it is what a bad answer of a probe is recorded as. */
export function isFault(code: ReasonCode): code is Fault {
  return (faults as readonly ReasonCode[]).includes(code);
}

export function reason(code: ReasonCode, text: string): Reason {
  return { code, text };
}
