import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import {
  type GroupFindingRecord,
  groupFindings,
  type RunRecord,
  runs,
  services,
} from '../../contracts/records.ts';
import { describeError } from '../../domain/errors.ts';
import { type RevisionName, type RunId, type ServiceRef, serviceKeyOf } from '../../domain/ids.ts';
import type { GroupMember } from '../../domain/records/group-finding.ts';
import { compareVersions, describeGroup } from '../../domain/runs/compare-versions.ts';
import { mostServed, servingSplit } from '../../domain/service-state.ts';
import type { Ports } from '../../ports/ports.ts';
import { retryOnConflict } from '../../ports/retry-on-conflict.ts';
import { create, update } from '../../ports/store.ts';
import { loadGroup, type ServiceGroup } from '../records/load-group.ts';
import { findFitting } from './find-fitting.ts';
import { versionOf } from './version-of.ts';

const maxTries = 10;

/**
 * Finds which versions the services of a run's group have, once for its verdict and once after its rollback, and records
 * it for that run and for the latest runs of the others. It is information: nothing is decided by it.
 *
 * @returns what is recorded for the run; undefined: its service is in no group
 * @throws {TransientError} the records did not respond
 */
export async function findVersions(
  runId: RunId,
  run: RunRecord,
  ports: Ports,
): Promise<GroupFindingRecord | undefined> {
  const group = await loadGroup(run.configDigest, run.name, ports.store);
  if (!group) return undefined;
  const known = await ports.store.get(documentIn(groupFindings, runId));
  if (known && isFound(known.data, runId, run)) return known.data;
  const own = await ownMember(runId, run, group, ports);
  const restored = isRolledBack(run) ? own.version : undefined;
  const members = await Promise.all(
    group.members.map((member) =>
      member.name === own.name ? own : memberOf(member, group, restored, ports),
    ),
  );
  const { name, sameVersion } = group;
  const versions = compareVersions(sameVersion, members);
  const finding = { group: name, sameVersion, runId, versions, members, at: ports.clock.now() };
  for (const id of new Set([runId, ...members.flatMap((member) => member.runId ?? [])]))
    await record(id, finding, ports);
  ports.log.info({ runId, group: name, versions }, describeGroup(finding));
  return finding;
}

/**
 * True: nothing is to be found any more for the verdict that the run has by now. A message may come again, and what was
 * found at a later verdict is not replaced.
 */
function isFound({ runId: by, at, members }: GroupFindingRecord, runId: RunId, run: RunRecord): boolean {
  if (by !== runId) return run.closedAt !== undefined && at > run.closedAt;
  return members.some(({ name, revision }) => name === run.name && revision === subjectOf(run));
}

/** The run's candidate; once a rollback has been verified, the revision that serves in its place. */
function subjectOf({ candidate, target = candidate.revision, state }: RunRecord): RevisionName {
  return state === 'closed' ? target : candidate.revision;
}

function isRolledBack(run: RunRecord): boolean {
  return subjectOf(run) !== run.candidate.revision;
}

/** The run's own service. Never throws: what cannot be read is not known. */
async function ownMember(
  runId: RunId,
  run: RunRecord,
  group: ServiceGroup,
  ports: Ports,
): Promise<GroupMember> {
  const { name, ref, state } = run;
  const own = { name, revision: subjectOf(run), runId, isOpen: state !== 'closed' };
  try {
    return { ...own, version: await versionOf(ref, own.revision, group, ports) };
  } catch (error) {
    return { ...own, unread: describeError(error) };
  }
}

/**
 * Another service, as it serves. Never throws: what cannot be read is not known.
 * @param restored the version that a rollback has put the run's service back to; undefined: it was not rolled back
 */
async function memberOf(
  member: ServiceConfig,
  group: ServiceGroup,
  restored: string | undefined,
  ports: Ports,
): Promise<GroupMember> {
  const { name, project, region, service } = member;
  const ref = { project, region, service };
  try {
    const [state, latest] = await Promise.all([ports.run.getService(ref), latestRunOf(ref, ports)]);
    if (!state) return { name, isOpen: false, unread: 'the service does not exist' };
    const revision = mostServed(servingSplit(state));
    if (revision === undefined) return { name, ...latest };
    const version = await versionOf(ref, revision, group, ports);
    const others = [{ version }, { version: restored }];
    const isLeft = restored !== undefined && compareVersions(group.sameVersion, others) === 'different';
    const fits = isLeft ? await findFitting(ref, revision, restored, group, ports) : undefined;
    return { name, revision, version, fits, ...latest };
  } catch (error) {
    return { name, isOpen: false, unread: describeError(error) };
  }
}

async function latestRunOf(
  ref: ServiceRef,
  { store }: Ports,
): Promise<Pick<GroupMember, 'runId' | 'isOpen'>> {
  const runId = (await store.get(documentIn(services, serviceKeyOf(ref))))?.data.currentRun?.runId;
  const run = runId && (await store.get(documentIn(runs, runId)));
  return run ? { runId, isOpen: run.data.state !== 'closed' } : { isOpen: false };
}

async function record(runId: RunId, finding: GroupFindingRecord, { store }: Ports): Promise<void> {
  const ref = documentIn(groupFindings, runId);
  await retryOnConflict(maxTries, async () => {
    const known = await store.get(ref);
    await store.commit([known ? update(ref, known, finding) : create(ref, finding)]);
  });
}
