import type { ControlRecord } from '../contracts/records.ts';
import { describeControl } from './describe-standing.ts';
import { mends } from './mend-of.ts';

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
