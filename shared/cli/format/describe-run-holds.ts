import type { RunRecord } from '../../contracts/records.ts';
import type { Store } from '../../ports/store.ts';
import { loadControls } from '../../services/records/load-controls.ts';
import { loadWindow } from '../../services/records/load-pause.ts';
import { describeHolds } from '../../wording/describe-holds.ts';

/**
 * What keeps the traffic of a run from being moved now, one line each.
 * @param records the options that name the records
 */
export async function describeRunHolds(
  { state, authority, serviceKey, name, candidate }: RunRecord,
  records: string | undefined,
  store: Store,
): Promise<readonly string[]> {
  if (state === 'closed' || authority === 'observe') return [];
  const [controls, window] = await Promise.all([
    loadControls(serviceKey, undefined, store),
    authority === 'full' ? loadWindow(serviceKey, store) : undefined,
  ]);
  return describeHolds({ name, revision: candidate.revision, records }, { ...controls, window });
}
