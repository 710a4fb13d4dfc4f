import { type ControlRecord, killSwitch, type ServiceRecord } from '../contracts/records.ts';
import type { ServiceKey } from '../domain/ids.ts';
import type { Store } from '../ports/store.ts';
import { listServices } from './query-reports.ts';
import { loadControl, loadControls } from './records/load-controls.ts';
import { loadWindow, type ServiceWindow } from './records/load-pause.ts';

/** A service with the controls in force. */
export interface ServiceOverview extends ServiceRecord {
  readonly freeze?: ControlRecord | undefined;
  readonly pause?: ControlRecord | undefined;
  readonly window?: ServiceWindow | undefined;
}

export interface ServicesOverview {
  readonly killSwitch?: ControlRecord | undefined;
  readonly services: readonly ServiceOverview[];
}

/** All watched services. */
export async function loadOverview(store: Store): Promise<ServicesOverview> {
  const [killed, found] = await Promise.all([loadControl(killSwitch, store), listServices(store)]);
  const services = await Promise.all(
    found.map(async (service) => {
      const key = service.id as ServiceKey;
      const { freeze, pause } = await loadControls(key, undefined, store);
      return { ...service, freeze, pause, window: await loadWindow(key, store) };
    }),
  );
  return { killSwitch: killed?.data, services };
}
