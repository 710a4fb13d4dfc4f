import type { CheckResult } from './check-result.ts';

const recent = 20;
const alike = 10;

/**
 * The signature of a burst among the latest results: a deployment that is down fails every check in the same way, and
 * no further checks are needed to see it.
 *
 * @param results of one worker, oldest first
 */
export function burstOf(results: readonly CheckResult[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { outcome, signature } of results.slice(-recent)) {
    if (outcome !== 'failed' || signature === undefined) continue;
    const seen = (counts.get(signature) ?? 0) + 1;
    if (seen >= alike) return signature;
    counts.set(signature, seen);
  }
  return undefined;
}

/** True: none of the latest results is a failure, so no burst is near. */
export function isCalm(results: readonly CheckResult[]): boolean {
  return results.slice(-recent).every(({ outcome }) => outcome !== 'failed');
}
