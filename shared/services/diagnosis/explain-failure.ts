import { documentIn } from '../../contracts/document.ts';
import {
  type DiagnosisRecord,
  diagnoses,
  type GroupFindingRecord,
  type RunRecord,
} from '../../contracts/records.ts';
import type { Incident } from '../../domain/diagnosis/evidence.ts';
import { withVersions } from '../../domain/diagnosis/with-versions.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Ports } from '../../ports/ports.ts';
import { type Stored, update } from '../../ports/store.ts';
import { tryCommit } from '../../ports/try-commit.ts';
import { askAnew } from '../notices/write-notices.ts';
import { loadServiceConfig } from '../records/load-config.ts';
import { collectEvidence } from './collect-evidence.ts';
import { deployedSource } from './deployed-commits.ts';
import { diagnoseWithCommit, type RefinedDiagnosis } from './look-at-commit.ts';

/** The longest text of one piece of evidence that is stored. */
const keptLength = 300;
const keptEvidence = 40;

/** Finds out why a run failed and records it, once; what tells of the run is asked for anew. */
export async function explainFailure(
  runId: RunId,
  run: RunRecord,
  versions: GroupFindingRecord | undefined,
  ports: Ports,
): Promise<void> {
  const due = await ports.store.get(documentIn(diagnoses, runId));
  if (!due || due.data.result) return;
  const found = await collectEvidence(runId, run, ports);
  const incident = withVersions(found, versions, run.candidate.revision);
  const config = await loadServiceConfig(ports.store, run.configDigest, run.name);
  const refined = await diagnoseWithCommit(incident, () => deployedSource(run, config, ports), ports.clock);
  if (await record(runId, due, run, incident, refined, ports)) await askAnew(runId, config, [], ports);
}

/** @returns false: somebody else has recorded one */
async function record(
  runId: RunId,
  due: Stored<DiagnosisRecord>,
  { ref }: RunRecord,
  incident: Incident,
  { result, commit }: RefinedDiagnosis,
  { store, clock, log }: Ports,
): Promise<boolean> {
  const told = new Set(result.whys.flatMap(({ evidence }) => evidence));
  const evidence = [...incident.evidence, ...(commit?.evidence ?? [])]
    .filter((item) => told.has(item.ref))
    .slice(0, keptEvidence)
    .map(({ ref: name, source, text, at }) => ({ ref: name, source, text: text.slice(0, keptLength), at }));
  const { preventable } = commit ?? {};
  const fields = { result, evidence, preventable, madeAt: clock.now(), dueAt: undefined };
  if (!(await tryCommit(store, [update(documentIn(diagnoses, runId), due, fields)]))) return false;
  const { category, confidence, summary } = result;
  log.info({ runId, service: ref.service, category, confidence }, `diagnosed: ${summary}`);
  return true;
}
