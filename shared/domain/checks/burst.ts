import type { CheckResult } from './check-result.ts';

const recent = 20;
const alike = 10;

/**
 * The signature that makes a burst of the latest results: a deployment that is down fails everything in one way, and
 * no more checks are needed to see it.
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

/** Whether the latest results are far from any burst. */
export function isCalm(results: readonly CheckResult[]): boolean {
  return results.slice(-recent).every(({ outcome }) => outcome !== 'failed');
}
