import { documentIn } from '../contracts/document.ts';
import type { Diagnose } from '../contracts/messages.ts';
import {
  type DiagnosisRecord,
  diagnoses,
  type GroupFindingRecord,
  outbox,
  type RunRecord,
  runs,
} from '../contracts/records.ts';
import { diagnoseIncident } from '../domain/diagnosis/diagnose-incident.ts';
import type { Incident } from '../domain/diagnosis/evidence.ts';
import { withVersions } from '../domain/diagnosis/with-versions.ts';
import { describeError, isRetryable } from '../domain/errors.ts';
import type { RunId } from '../domain/ids.ts';
import { isAwaited } from '../domain/stages.ts';
import type { Ports } from '../ports/ports.ts';
import { type Stored, update } from '../ports/store.ts';
import { tryCommit } from '../ports/try-commit.ts';
import { auditRun } from './audits/audit-run.ts';
import { collectEvidence } from './diagnosis/collect-evidence.ts';
import { askAnew } from './notices/write-notices.ts';
import { loadServiceConfig } from './records/load-config.ts';
import { findVersions } from './runs/find-versions.ts';

/** The longest text of one piece of evidence that is stored. */
const keptLength = 300;
const keptEvidence = 40;

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

async function explainFailure(
  runId: RunId,
  run: RunRecord,
  versions: GroupFindingRecord | undefined,
  ports: Ports,
): Promise<void> {
  const due = await ports.store.get(documentIn(diagnoses, runId));
  if (!due || due.data.result) return;
  const incident = await collectEvidence(runId, run, ports);
  await record(runId, due, run, withVersions(incident, versions, run.candidate.revision), ports);
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

async function record(
  runId: RunId,
  due: Stored<DiagnosisRecord>,
  { ref, configDigest, name }: RunRecord,
  incident: Incident,
  ports: Ports,
): Promise<void> {
  const { store, clock, log } = ports;
  const result = diagnoseIncident(incident);
  const told = new Set(result.whys.flatMap(({ evidence }) => evidence));
  const evidence = incident.evidence
    .filter((item) => told.has(item.ref))
    .slice(0, keptEvidence)
    .map(({ ref: name, source, text, at }) => ({ ref: name, source, text: text.slice(0, keptLength), at }));
  const fields = { result, evidence, madeAt: clock.now(), dueAt: undefined };
  if (!(await tryCommit(store, [update(documentIn(diagnoses, runId), due, fields)]))) return;
  const { category, confidence, summary } = result;
  log.info({ runId, service: ref.service, category, confidence }, `diagnosed: ${summary}`);
  const config = await loadServiceConfig(store, configDigest, name);
  await askAnew(runId, config, [], ports);
}
