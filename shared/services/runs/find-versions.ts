import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { versionLabelOf } from '../../contracts/groups.ts';
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
import { lastRunOf } from '../records/last-run.ts';
import { loadGroup, type ServiceGroup } from '../records/load-group.ts';

const maxTries = 10;
/** The label with the commit that Cloud Build sets on what it deploys. */
const commitLabel = 'commit-sha';

/**
 * Finds, once for a run that has a verdict, which versions the services of its group have, and records it for that run
 * and for the latest runs of the others. It is information: nothing is decided by it.
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
  if (known && isAfterVerdict(known.data, runId, run)) return known.data;
  const members = await Promise.all(
    group.members.map((member) => memberOf(member, group, runId, run, ports)),
  );
  const { name, sameVersion } = group;
  const versions = compareVersions(sameVersion, members);
  const finding = { group: name, sameVersion, runId, versions, members, at: ports.clock.now() };
  for (const id of new Set([runId, ...members.flatMap((member) => member.runId ?? [])]))
    await store(id, finding, ports);
  ports.log.info({ runId, group: name, versions }, describeGroup(finding));
  return finding;
}

/** A message may come again: what was found at a later verdict is not replaced. */
function isAfterVerdict(
  { runId: by, at }: GroupFindingRecord,
  runId: RunId,
  { closedAt }: RunRecord,
): boolean {
  return by === runId || (closedAt !== undefined && at > closedAt);
}

/** Never throws: what cannot be read is not known. */
async function memberOf(
  member: ServiceConfig,
  group: ServiceGroup,
  runId: RunId,
  run: RunRecord,
  ports: Ports,
): Promise<GroupMember> {
  const { name, project, region, service } = member;
  const ref = { project, region, service };
  try {
    if (name === run.name) {
      const { revision } = run.candidate;
      const version = await versionOf(ref, revision, group, run.build?.commit, ports);
      return { name, revision, version, runId, isOpen: run.state !== 'closed' };
    }
    const [state, latest] = await Promise.all([ports.run.getService(ref), latestRunOf(ref, ports)]);
    if (!state) return { name, isOpen: false, unread: 'the service does not exist' };
    const revision = mostServed(servingSplit(state));
    if (revision === undefined) return { name, ...latest };
    const built = await lastRunOf(ports.store, ref, revision);
    const version = await versionOf(ref, revision, group, built?.data.build?.commit, ports);
    return { name, revision, version, ...latest };
  } catch (error) {
    return { name, isOpen: false, unread: describeError(error) };
  }
}

/** The label of the revision itself; a commit also from the build that made it. */
async function versionOf(
  ref: ServiceRef,
  name: RevisionName,
  group: ServiceGroup,
  builtFrom: string | undefined,
  { run }: Ports,
): Promise<string | undefined> {
  const label = versionLabelOf(group);
  const revision = await run.getRevision(ref, name);
  const version = revision?.labels[label ?? commitLabel] || (label === undefined ? builtFrom : undefined);
  return version || undefined;
}

async function latestRunOf(
  ref: ServiceRef,
  { store: records }: Ports,
): Promise<Pick<GroupMember, 'runId' | 'isOpen'>> {
  const runId = (await records.get(documentIn(services, serviceKeyOf(ref))))?.data.currentRun?.runId;
  const run = runId && (await records.get(documentIn(runs, runId)));
  return run ? { runId, isOpen: run.data.state !== 'closed' } : { isOpen: false };
}

async function store(runId: RunId, finding: GroupFindingRecord, { store: records }: Ports): Promise<void> {
  const ref = documentIn(groupFindings, runId);
  await retryOnConflict(maxTries, async () => {
    const known = await records.get(ref);
    await records.commit([known ? update(ref, known, finding) : create(ref, finding)]);
  });
}
