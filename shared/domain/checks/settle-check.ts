import type { CheckResult } from './check-result.ts';
import type { Settlement } from './settled-check.ts';

/** All executions of one check in a run. */
export interface Attempts {
  /** On the candidate, in order, including the one after stable; empty: it did not run. */
  readonly candidate: readonly CheckResult[];
  /** On the stable revision, after the last retry on the candidate had failed; absent: it was not run there. */
  readonly stable?: CheckResult | undefined;
  /** True: it was run on the candidate once more after stable. */
  readonly confirmed?: boolean | undefined;
}

/** True: the result is still open, and one more execution on the candidate may settle it. */
export function wantsRetry({ candidate }: Attempts, retries: number): boolean {
  const last = candidate.at(-1);
  return last !== undefined && isBad(last) && candidate.length <= retries;
}

/** True: every retry failed, so the check must be compared with stable. */
export function wantsComparison(attempts: Attempts, retries: number): boolean {
  return (
    attempts.stable === undefined &&
    attempts.candidate.at(-1)?.outcome === 'failed' &&
    !wantsRetry(attempts, retries)
  );
}

/**
 * True: it passes on stable. A shared dependency may have recovered in between, so the candidate is at fault only if
 * the check still fails there.
 */
export function wantsConfirmation({ candidate, stable }: Attempts): boolean {
  return stable?.outcome === 'passed' && candidate.at(-1)?.outcome === 'failed';
}

/** The result of a check over all its executions. A failure without a confirming retry counts against no revision. */
export function settleCheck({ candidate, stable, confirmed }: Attempts): Settlement {
  const last = candidate.at(-1);
  if (!last) return 'not-run';
  switch (last.outcome) {
    case 'passed':
      return candidate.length > 1 || last.flaky === true ? 'flaky' : 'passed';
    case 'skipped':
      return candidate.length > 1 ? 'uncompared' : 'skipped';
    case 'errored':
      // An errored retry does not cancel a failure.
      return candidate.some(({ outcome }) => outcome === 'failed') ? 'uncompared' : 'errored';
    case 'failed':
      return settleFailed(candidate, stable, confirmed === true);
    default:
      return last.outcome satisfies never;
  }
}

function settleFailed(
  candidate: readonly CheckResult[],
  stable: CheckResult | undefined,
  confirmed: boolean,
): Settlement {
  const failures = candidate.filter((result) => result.outcome === 'failed').length;
  if (failures < 2) return 'uncompared';
  if (stable?.outcome === 'passed') return confirmed ? 'regression' : 'uncompared';
  return stable?.outcome === 'failed' ? 'known' : 'uncompared';
}

function isBad({ outcome }: CheckResult): boolean {
  return outcome === 'failed' || outcome === 'errored';
}
