import type { RevisionName } from '../ids.ts';
import type { Reason } from '../verdict.ts';

export interface AllowancePolicy {
  readonly cooldownMs: number;
  readonly perDay: number;
}

/** One automatic rollback that was made. */
export interface MadeRollback {
  readonly to: RevisionName;
  readonly at: Date;
}

const dayMs = 86_400_000;

/**
 * The loop breaker: a service that keeps rolling back needs a human, not another rollback.
 *
 * @param candidate the revision that fails now
 * @param rollbacks the latest automatic ones, newest first
 * @returns why none may be made now; undefined: one may
 */
export function refuseByAllowance(
  candidate: RevisionName,
  rollbacks: readonly MadeRollback[],
  now: Date,
  policy: AllowancePolicy,
): Reason | undefined {
  // A time that lies ahead was written by another clock and tells nothing.
  const ages = rollbacks.map(({ at }) => now.getTime() - at.getTime()).filter((age) => age >= 0);
  if (rollbacks[0]?.to === candidate && (ages[0] ?? dayMs) < dayMs)
    return {
      code: 'loop',
      text: `${candidate} is the target of the last rollback: going back further would be a guess`,
    };
  const newest = ages[0];
  if (newest !== undefined && newest < policy.cooldownMs) {
    return { code: 'cooldown', text: `the last automatic rollback was ${Math.round(newest / 1000)} s ago` };
  }
  const today = ages.filter((age) => age < dayMs).length;
  if (today >= policy.perDay) return { code: 'per-day', text: `${today} automatic rollbacks within a day` };
  return undefined;
}
