import {
  type ControlRecord,
  freezeOf,
  killSwitch,
  pauseOf,
  type ServiceRecord,
} from '../../contracts/records.ts';
import type { ServiceKey } from '../../domain/ids.ts';
import type { Store } from '../../ports/store.ts';
import { loadControl } from '../../services/records/load-controls.ts';
import { describePin } from '../format/describe-pin.ts';

/** What people have asked for a service, now. */
export interface Controls {
  readonly freeze: ControlRecord | undefined;
  readonly pause: ControlRecord | undefined;
}

export async function loadControls(serviceKey: ServiceKey, store: Store): Promise<Controls> {
  const [freeze, pause] = await Promise.all([
    loadControl(freezeOf(serviceKey), store),
    loadControl(pauseOf(serviceKey), store),
  ]);
  return { freeze: freeze?.data, pause: pause?.data };
}

export async function loadKillSwitch(store: Store): Promise<ControlRecord | undefined> {
  return (await loadControl(killSwitch, store))?.data;
}

/** What is out of the ordinary about a service, one line each. */
export function describeStanding(
  { pin, alarm }: Pick<ServiceRecord, 'pin' | 'alarm'>,
  { freeze, pause }: Controls,
): string[] {
  return [
    ...(pin ? [`pinned    ${pin.owner}: ${describePin(pin)}`] : []),
    ...(freeze ? [`frozen    ${describeControl(freeze)}`] : []),
    ...(pause ? [`paused    ${describeControl(pause)}`] : []),
    ...(alarm ? [`alarm     ${alarm.text} (${alarm.revision}, since ${alarm.at.toISOString()})`] : []),
  ];
}

/** `by ann since 2026-03-02T09:00:00.000Z: incident 42` */
export function describeControl({ actor, at, reason }: ControlRecord): string {
  return `by ${actor ?? 'the guard'} since ${at.toISOString()}: ${reason}`;
}
