import { documentIn } from '../../shared/contracts/document.ts';
import type { Group } from '../../shared/contracts/groups/group.ts';
import {
  type GroupFindingRecord,
  groupFindings,
  type RunRecord,
  runs,
  type ServiceRecord,
  services,
} from '../../shared/contracts/records.ts';
import {
  type BuildId,
  type RevisionName,
  type RunId,
  runIdOf,
  type ServiceRef,
  serviceKeyOf,
} from '../../shared/domain/ids.ts';
import { aConfig, aRef, aServiceConfig, type ServiceChanges } from '../builders.ts';
import type { FakeCloud } from './fake-cloud.ts';
import { World } from './world.ts';

/** The services of the group `shop`. */
export const web: ServiceRef = aRef;
export const backend: ServiceRef = { ...aRef, service: 'backend' };

/** A world whose config has the services web and backend, which belong together by their label `version`. */
export async function aGroupWorld(
  group: Partial<Group> = {},
  changes: { readonly web?: ServiceChanges; readonly backend?: ServiceChanges } = {},
): Promise<World> {
  const config = aConfig(
    aServiceConfig({ ...changes.web }),
    aServiceConfig({ name: 'backend', service: 'backend', ...changes.backend }),
  );
  const shop = { name: 'shop', services: ['web', 'backend'], sameVersion: 'label:version', ...group };
  return World.create({ config: { ...config, groups: [shop] } });
}

/** A build deploys a revision of a version. @returns the build's name; its message is still to come */
export function deployVersion(
  world: World,
  ref: ServiceRef,
  name: string,
  version: string | undefined,
  options: Parameters<FakeCloud['deploy']>[2] = {},
): string {
  const id = `00000000-0000-4000-9000-${String(world.cloud.builds.size + 1).padStart(12, '0')}` as BuildId;
  const labels = { 'gcb-build-id': id, ...(version === undefined ? {} : { version }), ...options.labels };
  world.cloud.deploy(ref, name, { ...options, labels });
  return world.addBuild({ id });
}

/** A revision of a version is deployed, passes, and is recorded as good; then an hour passes. */
export async function deployGoodVersion(
  world: World,
  ref: ServiceRef,
  name: string,
  version: string,
): Promise<void> {
  await world.finishBuild(deployVersion(world, ref, name, version));
  await world.clock.sleep(3_600_000);
}

export function idOf(ref: ServiceRef, revision: string, attempt = 1): RunId {
  return runIdOf(ref, revision as RevisionName, attempt);
}

export async function runOf(
  world: World,
  ref: ServiceRef,
  revision: string,
  attempt = 1,
): Promise<RunRecord | undefined> {
  return (await world.store.get(documentIn(runs, idOf(ref, revision, attempt))))?.data;
}

export async function findingOf(
  world: World,
  ref: ServiceRef,
  revision: string,
  attempt = 1,
): Promise<GroupFindingRecord | undefined> {
  return (await world.store.get(documentIn(groupFindings, idOf(ref, revision, attempt))))?.data;
}

export async function recordOf(world: World, ref: ServiceRef): Promise<ServiceRecord | undefined> {
  return (await world.store.get(documentIn(services, serviceKeyOf(ref))))?.data;
}
