import pMap from 'p-map';
import type { ServiceConfig } from '../../contracts/config.ts';
import type { RunRecord } from '../../contracts/records.ts';
import {
  type DriftFacts,
  isUnread,
  type SharedElsewhere,
  type Unread,
} from '../../domain/audits/judge-drift.ts';
import { compareSettings, type RevisionSettings } from '../../domain/diagnosis/revision-settings.ts';
import { DeployLoopError, NotFoundError } from '../../domain/errors.ts';
import type { RevisionName, ServiceRef } from '../../domain/ids.ts';
import { askedSplit, mostServed, type ServiceState, servingSplit } from '../../domain/service-state.ts';
import type { CloudRun } from '../../ports/cloud-run.ts';
import type { Ports } from '../../ports/ports.ts';
import { loadConfig } from '../records/load-config.ts';

/** How many other services are read side by side. */
const concurrency = 8;
/** Revisions that Cloud Run's list does not reach are asked for one by one. */
const maxAsked = 20;

/**
 * What is set for a run's service, and what is in effect.
 * @param shared the variables that must have the same value in each service of the config that lists them
 */
export async function observeDrift(
  run: RunRecord,
  shared: readonly string[],
  { store, run: cloudRun }: Pick<Ports, 'store' | 'run'>,
): Promise<DriftFacts> {
  const { ref, candidate, stable } = run;
  const state = await known(() => serviceOf(ref, cloudRun));
  const settings = await known(() => settingsOf(ref, candidate.revision, cloudRun));
  const others = shared.length === 0 ? [] : await othersOf(run, store);
  return {
    traffic: isUnread(state) ? state : trafficOf(state),
    tags: isUnread(state) ? state : await known(() => tagsOf(state, cloudRun)),
    settings,
    changes: await changesOf(ref, stable, settings, cloudRun),
    shared: await sharedOf(shared, others, cloudRun),
  };
}

/** A part that cannot be read is told, and keeps none of the others. */
async function known<T extends object>(read: () => Promise<T>): Promise<T | Unread> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof DeployLoopError) return { unread: error.message };
    throw error;
  }
}

async function serviceOf(ref: ServiceRef, run: CloudRun): Promise<ServiceState> {
  const state = await run.getService(ref);
  if (!state) throw new NotFoundError(`service ${ref.service} does not exist`);
  return state;
}

async function settingsOf(ref: ServiceRef, revision: RevisionName, run: CloudRun): Promise<RevisionSettings> {
  const settings = await run.getSettings(ref, revision);
  if (!settings) throw new NotFoundError(`revision ${revision} does not exist`);
  return settings;
}

function trafficOf(state: ServiceState): DriftFacts['traffic'] {
  return { declared: askedSplit(state), effective: servingSplit(state), reconciling: state.reconciling };
}

async function tagsOf({ ref, traffic }: ServiceState, run: CloudRun) {
  const tagged = traffic.flatMap(({ tag, revision }) => (tag === undefined ? [] : [{ tag, revision }]));
  const listed = new Set((await run.listRevisions(ref)).map(({ name }) => name));
  const beyond = new Set(
    tagged.flatMap(({ revision }) => (revision && !listed.has(revision) ? [revision] : [])),
  );
  if (beyond.size > maxAsked)
    throw new NotFoundError(`${beyond.size} tags are on revisions beyond the newest 100`);
  for (const name of beyond) if (await run.getRevision(ref, name)) listed.add(name);
  return tagged.map(({ tag, revision }) => ({ tag, exists: revision === undefined || listed.has(revision) }));
}

async function changesOf(
  ref: ServiceRef,
  stable: RevisionName | undefined,
  settings: RevisionSettings | Unread,
  run: CloudRun,
): Promise<DriftFacts['changes']> {
  if (stable === undefined || isUnread(settings)) return undefined;
  return known(async () => compareSettings(await settingsOf(ref, stable, run), settings));
}

/** The other services of the run's config that share variables. */
async function othersOf(
  { configDigest, name }: RunRecord,
  store: Ports['store'],
): Promise<readonly ServiceConfig[]> {
  const { services } = await loadConfig(store, configDigest);
  return services.filter((other) => other.name !== name && (other.audits?.drift?.shared.length ?? 0) > 0);
}

/** In each service the value of the revision that has the most users. */
async function sharedOf(
  names: readonly string[],
  others: readonly ServiceConfig[],
  run: CloudRun,
): Promise<DriftFacts['shared']> {
  const shares = (name: string, { audits }: ServiceConfig) => audits?.drift?.shared.includes(name) ?? false;
  const asked = others.filter((other) => names.some((name) => shares(name, other)));
  const settings = await pMap(
    asked,
    async (other) => [other, await known(() => servingSettings(other, run))] as const,
    { concurrency },
  );
  return new Map(
    names.map((name) => [
      name,
      settings
        .filter(([other]) => shares(name, other))
        .map(
          ([other, found]): SharedElsewhere => ({
            service: other.name,
            found: isUnread(found) ? found : { value: found.get(`env.${name}`) },
          }),
        ),
    ]),
  );
}

async function servingSettings(
  { project, region, service }: ServiceConfig,
  run: CloudRun,
): Promise<RevisionSettings> {
  const ref = { project, region, service };
  const revision = mostServed(servingSplit(await serviceOf(ref, run)));
  if (revision === undefined) throw new NotFoundError(`service ${service} has no traffic`);
  return settingsOf(ref, revision, run);
}
