import type { RunRecord } from '../../contracts/records.ts';
import type { Incident } from '../../domain/diagnosis/evidence.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Ports } from '../../ports/ports.ts';
import { cloudParts, type Suspect } from './cloud-parts.ts';
import { neighboursOf } from './neighbours.ts';
import { merge, within } from './part.ts';
import { recordParts } from './record-parts.ts';

/** What Cloud Run and Cloud Logging know of a revision: its state, settings and logs. */
export async function collectFromCloud(suspect: Suspect, ports: Ports): Promise<Incident> {
  return merge(await Promise.all(cloudParts(suspect, ports)));
}

/** Everything that is known about a failed run: also its records, and other services. */
export async function collectEvidence(runId: RunId, run: RunRecord, ports: Ports): Promise<Incident> {
  return merge(
    await Promise.all([
      ...recordParts(runId, run, ports),
      ...cloudParts(run, ports),
      within('the runs of other services', ports, () => neighboursOf(run, ports)),
    ]),
  );
}
