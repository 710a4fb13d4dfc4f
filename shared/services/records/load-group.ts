import type { ServiceConfig } from '../../contracts/config.ts';
import type { Group } from '../../contracts/groups/group.ts';
import type { ConfigDigest } from '../../domain/ids.ts';
import type { Store } from '../../ports/store.ts';
import { loadConfig } from './load-config.ts';

/** A group, and the configs of its services, in its order. */
export interface ServiceGroup extends Group {
  readonly members: readonly ServiceConfig[];
}

/**
 * The group of a service, in the config that a run is bound to; undefined: it is in none.
 * @param name the service's name in the config
 * @throws {PermanentError} there is no such config
 */
export async function loadGroup(
  digest: ConfigDigest,
  name: string,
  store: Store,
): Promise<ServiceGroup | undefined> {
  const { groups = [], services } = await loadConfig(store, digest);
  const group = groups.find((candidate) => candidate.services.includes(name));
  if (!group) return undefined;
  const members = group.services.flatMap(
    (member) => services.find((service) => service.name === member) ?? [],
  );
  return { ...group, members };
}
