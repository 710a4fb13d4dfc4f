import { type Group, versionLabelOf } from '../../contracts/groups/group.ts';
import type { RevisionName, ServiceRef } from '../../domain/ids.ts';
import type { Ports } from '../../ports/ports.ts';
import { KnownBuilds } from '../records/known-builds.ts';

/** The label with the commit that Cloud Build sets on what it deploys. */
const commitLabel = 'commit-sha';
/** A build may say anything of itself. */
const isCommit = /^[0-9a-f]{7,64}$/i;

/**
 * The version of a revision: its own label; a commit also by the record of the build that it came from.
 * @returns undefined: nothing tells it
 */
export async function versionOf(
  ref: ServiceRef,
  name: RevisionName,
  group: Pick<Group, 'sameVersion'>,
  { run, store }: Pick<Ports, 'run' | 'store'>,
): Promise<string | undefined> {
  const label = versionLabelOf(group);
  const labels = (await run.getRevision(ref, name))?.labels ?? {};
  if (label !== undefined) return labels[label] || undefined;
  const texts = [labels[commitLabel], (await new KnownBuilds(ref, store).of(name))?.commit];
  return texts.find((text) => text !== undefined && isCommit.test(text));
}
