import { documentIn } from '../../contracts/document.ts';
import { type RunRecord, runs } from '../../contracts/records.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Stored } from '../../ports/store.ts';
import { recordRejection } from './record-rejection.ts';

/**
 * Loads the run that a message names. @param hop the hop of the message @returns undefined: there is none, which is
 * recorded
 */
export async function loadRun(
  hop: string,
  runId: RunId,
  ports: Pick<Ports, 'store' | 'clock' | 'log'>,
): Promise<Stored<RunRecord> | undefined> {
  const run = await ports.store.get(documentIn(runs, runId));
  if (!run) await recordRejection(hop, runId, { code: 'unknown-run', text: 'no such run' }, ports);
  return run;
}
