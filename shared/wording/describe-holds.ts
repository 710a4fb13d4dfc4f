import type { ControlRecord } from '../contracts/records.ts';
import { describeControl } from './describe-standing.ts';
import { afterWindow, lifts, type MendSubject } from './mend-of.ts';

/** What keeps the guard from moving the traffic of a service now. */
export interface Holds {
  readonly killSwitch?: ControlRecord | undefined;
  readonly freeze?: ControlRecord | undefined;
  readonly pause?: ControlRecord | undefined;
  readonly window?: { readonly text: string } | undefined;
}

/** One line for each: what it forbids, why, and what ends it. */
export function describeHolds(
  subject: MendSubject,
  { killSwitch, freeze, pause, window }: Holds,
): readonly string[] {
  const { name } = subject;
  return [
    ...(killSwitch
      ? [
          `nothing is written, the kill switch is on ${describeControl(killSwitch)}; ends with ${lifts.killed(subject)}`,
        ]
      : []),
    ...(freeze
      ? [
          `nothing is written, ${name} is frozen ${describeControl(freeze)}; ends with ${lifts.frozen(subject)}`,
        ]
      : []),
    ...(pause
      ? [
          `no revision gains traffic, ${name} is paused ${describeControl(pause)}; ends with ${lifts.paused(subject)}`,
        ]
      : []),
    ...(window ? [`${window.text}; ${afterWindow(subject)}`] : []),
  ];
}
