import { type ControlRecord, freezeOf, killSwitch, pauseOf } from '../../contracts/records.ts';
import type { ServiceKey } from '../../domain/ids.ts';
import type { Store } from '../../ports/store.ts';
import { loadControl } from '../../services/records/load-controls.ts';
import type { Controls } from '../../wording/describe-standing.ts';

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
