import type { ReasonCode } from '../domain/verdict.ts';

const byHand = (name: string) =>
  `move traffic manually: deploy-loop rollback ${name} --to REVISION --why TEXT`;

const nameGood = (_name: string) =>
  'have one verified: deploy-loop apply FILE; or, where there are no records, guard --stable REVISION';

/** What mends a reason for which traffic was not moved, by its code and the service's name in the config. */
export const mends = {
  killed: (_name: string) => 'ends with deploy-loop unfreeze --all',
  frozen: (name: string) => `ends with deploy-loop unfreeze ${name}`,
  paused: (name: string) => `ends with deploy-loop resume ${name}`,
  'freeze-window': (name: string) =>
    `after it, or at once: deploy-loop promote ${name} --revision REVISION --why TEXT`,
  'no-target': nameGood,
  'target-deleted': byHand,
  'target-not-ready': byHand,
  'target-denied': byHand,
  'target-too-old': byHand,
  'target-too-far': byHand,
  'target-unverified': byHand,
  'target-unreachable': byHand,
  'target-failing': byHand,
  loop: byHand,
  cooldown: byHand,
  'per-day': byHand,
} as const satisfies Partial<Record<ReasonCode, (name: string) => string>>;

/** What a person can do about it; undefined: the reason says all there is. */
export function mendOf(code: ReasonCode, name: string): string | undefined {
  const known: Partial<Record<ReasonCode, (name: string) => string>> = mends;
  return known[code]?.(name);
}
