import type { ControlRecord } from '../contracts/records.ts';
import type { ReasonCode } from '../domain/verdict.ts';
import { describeControl } from './describe-standing.ts';

/** What keeps the guard from moving the traffic of a service now. */
export interface Holds {
  readonly killSwitch?: ControlRecord | undefined;
  readonly freeze?: ControlRecord | undefined;
  readonly pause?: ControlRecord | undefined;
  readonly window?: { readonly text: string } | undefined;
}

/** One line for each: what it forbids, why, and what ends it. @param name the service's name in the config */
export function describeHolds(name: string, { killSwitch, freeze, pause, window }: Holds): readonly string[] {
  return [
    ...(killSwitch
      ? [`nothing is written, the kill switch is on ${describeControl(killSwitch)}; ${mends.killed(name)}`]
      : []),
    ...(freeze
      ? [`nothing is written, ${name} is frozen ${describeControl(freeze)}; ${mends.frozen(name)}`]
      : []),
    ...(pause
      ? [`no revision gains traffic, ${name} is paused ${describeControl(pause)}; ${mends.paused(name)}`]
      : []),
    ...(window ? [`${window.text}; ${mends['freeze-window'](name)}`] : []),
  ];
}

const byHand = (name: string) =>
  `move traffic manually: deploy-loop rollback ${name} --to REVISION --why TEXT`;

/** What mends a reason for which a run has not moved traffic, by its code. */
const mends = {
  killed: (_name: string) => 'ends with deploy-loop unfreeze --all',
  frozen: (name: string) => `ends with deploy-loop unfreeze ${name}`,
  paused: (name: string) => `ends with deploy-loop resume ${name}`,
  'freeze-window': (name: string) =>
    `after it, or at once: deploy-loop promote ${name} --revision REVISION --why TEXT`,
  'no-target': (_name: string) =>
    'name a revision that is known to be good: guard --stable REVISION, or deploy-loop apply FILE',
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
