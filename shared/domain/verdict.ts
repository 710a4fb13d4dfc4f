import { type Fault, faults, unknownCauses } from './health/probe-outcome.ts';

/** The result of a stage; the first result other than `pass` is that of the whole run. */
export const verdicts = ['pass', 'fail', 'inconclusive', 'superseded'] as const;
export type Verdict = (typeof verdicts)[number];

/** What a decision asks route-traffic to do; `hold`: nothing, a canary's split stays for a human to look at. */
export const actions = ['none', 'hold', 'rollback', 'promote', 'step', 'abort', 'mark-good'] as const;
export type Action = (typeof actions)[number];

/** Every recorded reason, by subject; see `Reason`. Stored, so a code never changes its meaning. */
export const reasonCodes = [
  // Good.
  'healthy',
  'tests-passed',
  'healthy-without-traffic',
  'degraded',
  // The revision's own responses are bad.
  ...faults,
  'never-ready',
  'request-errors',
  'request-latency',
  'flapping',
  'regression',
  // The comparison with the stable revision.
  'stable-good',
  'stable-unreachable',
  'dependency',
  'no-baseline',
  'not-compared',
  // The revision cannot be judged.
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
  'freeze-window',
  'frozen',
  'killed',
  'human-pin',
  // Why a run or an effect moves no traffic.
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
  // The outcome of an effect.
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
  // The outcome of a rollback for users.
  'restored',
  'unrestored',
  'unverified',
  // Alarms.
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
  // Stands for a reason of a newer version that this one does not know.
  'other',
] as const;
export type ReasonCode = (typeof reasonCodes)[number];

/** A reason as data: a code for programs and a text for people. */
export interface Reason {
  readonly code: ReasonCode;
  readonly text: string;
}

/** True: the code records a bad response of a probe. */
export function isFault(code: ReasonCode): code is Fault {
  return (faults as readonly ReasonCode[]).includes(code);
}

export function reason(code: ReasonCode, text: string): Reason {
  return { code, text };
}
