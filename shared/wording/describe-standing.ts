import type { ControlRecord, ServiceRecord } from '../contracts/records.ts';
import { describeRefusal } from '../domain/health/tag-refusal.ts';
import { describePin } from './describe-pin.ts';
import { lifts } from './mend-of.ts';

/** Anything unusual about a service, one line each, with what ends it where its name is known. */
export function describeStanding(
  { name, pin, alarm, tagRefusal }: Partial<Pick<ServiceRecord, 'name' | 'pin' | 'alarm' | 'tagRefusal'>>,
  {
    freeze,
    pause,
    window,
    records,
  }: {
    readonly freeze?: ControlRecord | undefined;
    readonly pause?: ControlRecord | undefined;
    readonly window?: { readonly text: string; readonly waiting?: string | undefined } | undefined;
    /** The options that name the records. */
    readonly records?: string | undefined;
  },
): string[] {
  const ends = (kind: keyof typeof lifts) =>
    name === undefined ? '' : `; ends with ${lifts[kind]({ name, records })}`;
  return [
    ...(pin ? [`pinned    ${pin.owner}: ${describePin(pin)}`] : []),
    ...(freeze ? [`frozen    ${describeControl(freeze)}${ends('frozen')}`] : []),
    ...(pause ? [`paused    ${describeControl(pause)}${ends('paused')}`] : []),
    ...(window ? [`window    ${window.text}${window.waiting ? `; ${window.waiting} waits` : ''}`] : []),
    ...(tagRefusal ? [`tags      ${describeRefusal(tagRefusal)}`] : []),
    ...(alarm ? [`alarm     ${alarm.text} (${alarm.revision}, since ${alarm.at.toISOString()})`] : []),
  ];
}

/** `by ann since 2026-03-02T09:00:00.000Z: incident 42` */
export function describeControl({ actor, at, reason }: ControlRecord): string {
  return `by ${actor ?? 'the guard'} since ${at.toISOString()}: ${reason}`;
}
