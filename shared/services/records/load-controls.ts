import type { DocumentRef } from '../../contracts/document.ts';
import {
  abortOf,
  type ControlRecord,
  controls,
  freezeOf,
  killSwitch,
  pauseOf,
} from '../../contracts/records.ts';
import type { RunId, ServiceKey } from '../../domain/ids.ts';
import type { Store, Stored } from '../../ports/store.ts';

/** The controls in force for a service and a run. Absent: not set, or lifted. */
export interface Controls {
  readonly killSwitch?: ControlRecord | undefined;
  readonly freeze?: ControlRecord | undefined;
  readonly pause?: ControlRecord | undefined;
  readonly abort?: ControlRecord | undefined;
}

/** All controls of a service, and of `runId`, in one read. */
export async function loadControls(
  serviceKey: ServiceKey,
  runId: RunId | undefined,
  store: Store,
): Promise<Controls> {
  const refs = {
    killSwitch,
    freeze: freezeOf(serviceKey),
    pause: pauseOf(serviceKey),
    ...(runId === undefined ? {} : { abort: abortOf(runId) }),
  };
  const ids = Object.values(refs).map(({ id }) => id);
  const found = await store.find({ collection: controls, ids, where: [], limit: ids.length });
  const inForce = new Map(found.filter(({ data }) => !data.liftedAt).map(({ id, data }) => [id, data]));
  return Object.fromEntries(Object.entries(refs).map(([name, { id }]) => [name, inForce.get(id)]));
}

/** One control; undefined: not set, or lifted. */
export async function loadControl(
  ref: DocumentRef<ControlRecord>,
  store: Store,
): Promise<Stored<ControlRecord> | undefined> {
  const control = await store.get(ref);
  return control && !control.data.liftedAt ? control : undefined;
}

/** Why automatic writes for a service are forbidden; undefined: they are allowed. */
export function whyFrozen({ killSwitch, freeze }: Controls): string | undefined {
  return killSwitch ? whyKilled(killSwitch) : freeze?.reason;
}

export function whyKilled({ reason }: ControlRecord): string {
  return `the kill switch is on: ${reason}`;
}
