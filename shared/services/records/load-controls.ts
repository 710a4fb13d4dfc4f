import type { DocumentRef } from '../../contracts/document.ts';
import { type ControlRecord, freezeOf, killSwitch } from '../../contracts/records.ts';
import type { ServiceKey } from '../../domain/ids.ts';
import type { Store, Stored } from '../../ports/store.ts';

/** What a control document says now; undefined: nothing, or no longer. */
export async function loadControl(
  ref: DocumentRef<ControlRecord>,
  store: Store,
): Promise<Stored<ControlRecord> | undefined> {
  const control = await store.get(ref);
  return control && !control.data.liftedAt ? control : undefined;
}

/** Why nothing may be written automatically for a service; undefined: it may. */
export async function whyFrozen(serviceKey: ServiceKey, store: Store): Promise<string | undefined> {
  const [killed, frozen] = await Promise.all([
    loadControl(killSwitch, store),
    loadControl(freezeOf(serviceKey), store),
  ]);
  return killed ? `the kill switch is on: ${killed.data.reason}` : frozen?.data.reason;
}
