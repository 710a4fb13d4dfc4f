import { type ServiceKey, type ServiceRef, serviceKeyOf } from '../../domain/ids.ts';
import type { Store } from '../../ports/store.ts';
import { listServices } from '../../services/query-reports.ts';
import { loadCurrentConfig } from '../../services/records/load-config.ts';
import { BadInputError, UnknownNameError } from '../exit/bad-input-error.ts';
import { describeUnknown } from './describe-unknown.ts';

export interface KnownService {
  /** In the config. */
  readonly name: string;
  readonly ref: ServiceRef;
  readonly serviceKey: ServiceKey;
}

/**
 * The service with this name in the records, or, without a record, in the current config. If several services are
 * recorded under one name, project/region/service selects one.
 * @throws {BadInputError} no service matches, or several do; the message lists the known names
 */
export async function resolveService(name: string, store: Store): Promise<KnownService> {
  const known = await knownServices(store);
  const named = known.filter((service) => service.name === name || placeOf(service) === name);
  // The same service may be in both the records and the config.
  const matching = [...new Map(named.map((service) => [service.serviceKey, service])).values()];
  const [service, ...others] = matching;
  if (service && others.length === 0) return service;
  if (service) {
    const places = matching.map(placeOf).join(', ');
    throw new BadInputError(`${matching.length} services are recorded as ${name}: use one of ${places}`);
  }
  throw new UnknownNameError(whyUnknown(name, [...new Set(known.map((other) => other.name))].sort()));
}

async function knownServices(store: Store): Promise<KnownService[]> {
  const recorded = await listServices(store);
  const configured = (await loadCurrentConfig(store))?.config.services ?? [];
  return [
    ...recorded,
    ...configured.map(({ name, project, region, service }) => ({ name, ref: { project, region, service } })),
  ].map(({ name, ref }) => ({ name, ref, serviceKey: serviceKeyOf(ref) }));
}

function placeOf({ ref: { project, region, service } }: KnownService): string {
  return `${project}/${region}/${service}`;
}

function whyUnknown(name: string, known: readonly string[]): string {
  if (known.length === 0) return `no service is recorded: run deploy-loop apply FILE first`;
  return describeUnknown('service', name, known);
}
