import type { Reason } from './verdict.ts';

export interface AllowancePolicy {
  readonly cooldownMs: number;
  readonly perDay: number;
}

/**
 * The loop breaker: a service that keeps rolling back needs a human, not another rollback.
 *
 * @param rollbacks when the latest automatic ones were made, newest first
 * @returns why none may be made now; undefined: one may
 */
export function refuseByAllowance(
  rollbacks: readonly Date[],
  now: Date,
  policy: AllowancePolicy,
): Reason | undefined {
  // A time that lies ahead was written by another clock and tells nothing.
  const ages = rollbacks.map((at) => now.getTime() - at.getTime()).filter((age) => age >= 0);
  const newest = ages[0];
  if (newest !== undefined && newest < policy.cooldownMs) {
    return { code: 'cooldown', text: `the last automatic rollback was ${Math.round(newest / 1000)} s ago` };
  }
  const today = ages.filter((age) => age < 86_400_000).length;
  if (today >= policy.perDay) return { code: 'per-day', text: `${today} automatic rollbacks within a day` };
  return undefined;
}
