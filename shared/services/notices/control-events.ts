import type { ServiceConfig } from '../../contracts/config.ts';
import type { DocumentRef } from '../../contracts/document.ts';
import { type ControlRecord, freezeOf, killSwitch } from '../../contracts/records.ts';
import { type ServiceRef, serviceKeyOf } from '../../domain/ids.ts';
import type { NoticeEvent } from '../../domain/notices/notice-event.ts';
import type { Store, Write } from '../../ports/store.ts';
import { lifts } from '../../wording/mend-of.ts';
import { loadCurrentConfig } from '../records/load-config.ts';
import { eventWrites } from './write-notices.ts';

/**
 * Tells of a freeze of a service, or of all services, that begins or ends; of other controls nobody is told. A config that
 * cannot be read keeps no freeze back.
 */
export async function controlEventWrites(
  { id }: DocumentRef<ControlRecord>,
  event: Pick<NoticeEvent, 'kind' | 'at' | 'actor' | 'why'>,
  store: Store,
): Promise<Write[]> {
  const current = await loadCurrentConfig(store).catch(() => undefined);
  const services = current?.config.services ?? [];
  const fact = `${id}.${event.at.getTime()}`;
  if (id === killSwitch.id) {
    const undo = event.kind === 'freeze-set' ? lifts.killed({ name: '' }) : undefined;
    return eachChannelOnce(services).flatMap((service) =>
      eventWrites({ ...event, fact, undo }, service, current?.digest, {
        name: service.name,
        ref: refOf(service),
      }),
    );
  }
  const service = services.find((one) => freezeOf(serviceKeyOf(refOf(one))).id === id);
  if (!service) return [];
  const { name } = service;
  const undo = event.kind === 'freeze-set' ? lifts.frozen({ name }) : undefined;
  return eventWrites({ ...event, fact, undo, name, ref: refOf(service) }, service, current?.digest);
}

function refOf({ project, region, service }: ServiceConfig): ServiceRef {
  return { project, region, service };
}

/** What concerns all services is told once to each channel, by the first service that names it. */
function eachChannelOnce(services: readonly ServiceConfig[]): ServiceConfig[] {
  const seen = new Set<string>();
  return services.map((service) => ({
    ...service,
    notifications: service.notifications.filter(({ name }) => !seen.has(name) && seen.add(name)),
  }));
}
