import { documentIn } from '../contracts/document.ts';
import type { Diagnose } from '../contracts/messages.ts';
import { type GroupFindingRecord, outbox, type RunRecord, runs } from '../contracts/records.ts';
import { describeError, isRetryable } from '../domain/errors.ts';
import type { RunId } from '../domain/ids.ts';
import { isAwaited } from '../domain/stages.ts';
import type { Ports } from '../ports/ports.ts';
import { auditRun } from './audits/audit-run.ts';
import { explainFailure } from './diagnosis/explain-failure.ts';
import { findVersions } from './runs/find-versions.ts';

/**
 * Finds out all that is wanted to be known of a run after its verdict, and records it, once: the versions of the services
 * of its group, why it failed, and how it compares with the last good run. Traffic comes first: while a change of traffic
 * is open for the run, nothing is done, and the end of that change asks again.
 *
 * @throws {TransientError} the records did not respond: deliver again
 */
export async function diagnose({ runId }: Diagnose, ports: Ports): Promise<void> {
  const run = await ports.store.get(documentIn(runs, runId));
  if (!run || (await isTrafficPending(runId, ports))) return;
  const versions = await versionsOf(runId, run.data, ports);
  await explainFailure(runId, run.data, versions, ports);
  await auditRun(runId, ports);
}

/** Without it, what else is known still explains the failure. */
async function versionsOf(
  runId: RunId,
  run: RunRecord,
  ports: Ports,
): Promise<GroupFindingRecord | undefined> {
  try {
    return await findVersions(runId, run, ports);
  } catch (error) {
    if (isRetryable(error)) throw error;
    ports.log.warn({ runId }, `the versions of its group are not known: ${describeError(error)}`);
    return undefined;
  }
}

async function isTrafficPending(runId: RunId, { store }: Pick<Ports, 'store'>): Promise<boolean> {
  const effects = await store.find({ collection: outbox, where: [['runId', '==', runId]], limit: 100 });
  return effects.some(({ data: { kind, state } }) => state === 'open' && isAwaited(kind));
}
