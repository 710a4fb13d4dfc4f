import type { ControlRecord, ServiceRecord } from '../contracts/records.ts';
import { describeRefusal } from '../domain/health/tag-refusal.ts';
import { describePin } from './describe-pin.ts';

/** Anything unusual about a service, one line each. */
export function describeStanding(
  { pin, alarm, tagRefusal }: Pick<ServiceRecord, 'pin' | 'alarm' | 'tagRefusal'>,
  {
    freeze,
    pause,
  }: { readonly freeze?: ControlRecord | undefined; readonly pause?: ControlRecord | undefined },
): string[] {
  return [
    ...(pin ? [`pinned    ${pin.owner}: ${describePin(pin)}`] : []),
    ...(freeze ? [`frozen    ${describeControl(freeze)}`] : []),
    ...(pause ? [`paused    ${describeControl(pause)}`] : []),
    ...(tagRefusal ? [`tags      ${describeRefusal(tagRefusal)}`] : []),
    ...(alarm ? [`alarm     ${alarm.text} (${alarm.revision}, since ${alarm.at.toISOString()})`] : []),
  ];
}

/** `by ann since 2026-03-02T09:00:00.000Z: incident 42` */
export function describeControl({ actor, at, reason }: ControlRecord): string {
  return `by ${actor ?? 'the guard'} since ${at.toISOString()}: ${reason}`;
}
