import { documentIn } from '../../contracts/document.ts';
import { type RunRecord, type ServiceRecord, services } from '../../contracts/records.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Store } from '../../ports/store.ts';
import { type Controls, loadControls } from './load-controls.ts';
import { loadWindow, type ServiceWindow } from './load-pause.ts';

/** What is in force now for a run and its service. */
export interface Standing extends Controls {
  /** Absent: the service is not recorded. */
  readonly service?: ServiceRecord | undefined;
  readonly window?: ServiceWindow | undefined;
}

export async function loadStanding(runId: RunId, { serviceKey }: RunRecord, store: Store): Promise<Standing> {
  const [controls, service, window] = await Promise.all([
    loadControls(serviceKey, runId, store),
    store.get(documentIn(services, serviceKey)),
    loadWindow(serviceKey, store),
  ]);
  return { ...controls, service: service?.data, window };
}
