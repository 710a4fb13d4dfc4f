import { documentIn } from '../../contracts/document.ts';
import { services } from '../../contracts/records.ts';
import { type RevisionName, type ServiceRef, serviceKeyOf } from '../../domain/ids.ts';
import { compareRevisions, orderOf } from '../../domain/revision.ts';
import { compareVersions } from '../../domain/runs/compare-versions.ts';
import type { Ports } from '../../ports/ports.ts';
import type { ServiceGroup } from '../records/load-group.ts';
import { versionOf } from './version-of.ts';

/**
 * The newest revision of a service that is recorded as good, has a version, and is older than the one that serves: with
 * it the service is of that version again. Undefined: there is none.
 */
export async function findFitting(
  ref: ServiceRef,
  serving: RevisionName,
  version: string,
  group: ServiceGroup,
  ports: Pick<Ports, 'run' | 'store'>,
): Promise<RevisionName | undefined> {
  const [now, known] = await Promise.all([
    ports.run.getRevision(ref, serving),
    ports.store.get(documentIn(services, serviceKeyOf(ref))),
  ]);
  for (const good of now ? (known?.data.lastGood ?? []) : []) {
    const revision = await ports.run.getRevision(ref, good.revision);
    // One that was made anew under its name is not the one that was good.
    if (!now || !revision || compareRevisions(orderOf(revision), good) !== 0) continue;
    if (good.movedAway || compareRevisions(good, orderOf(now)) >= 0) continue;
    const found = await versionOf(ref, good.revision, group, ports);
    if (compareVersions(group.sameVersion, [{ version }, { version: found }]) === 'same')
      return good.revision;
  }
  return undefined;
}
