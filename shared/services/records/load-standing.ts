import { documentIn } from '../../contracts/document.ts';
import { type RunRecord, type ServiceRecord, services } from '../../contracts/records.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Store } from '../../ports/store.ts';
import { type ChangeSince, findChangeSince } from './find-change-since.ts';
import { type Controls, loadControls } from './load-controls.ts';
import { loadWindow, type ServiceWindow } from './load-pause.ts';

/** What is in force now for a run and its service. */
export interface Standing extends Controls {
  /** Absent: the service is not recorded. */
  readonly service?: ServiceRecord | undefined;
  readonly window?: ServiceWindow | undefined;
  /** Absent: the result of the run is still in force. */
  readonly since?: ChangeSince | undefined;
}

export async function loadStanding(runId: RunId, run: RunRecord, store: Store): Promise<Standing> {
  const { serviceKey } = run;
  const [controls, service, window] = await Promise.all([
    loadControls(serviceKey, runId, store),
    store.get(documentIn(services, serviceKey)),
    loadWindow(serviceKey, store),
  ]);
  const since = await findChangeSince(runId, run, service?.data, store);
  return { ...controls, service: service?.data, window, since };
}
