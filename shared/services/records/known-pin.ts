import { documentIn } from '../../contracts/document.ts';
import {
  pinAnnotation,
  readPinAnnotation,
  writePinAnnotation,
} from '../../contracts/records/pin-annotation.ts';
import { type ServiceRecord, services } from '../../contracts/records.ts';
import { serviceKeyOf } from '../../domain/ids.ts';
import { pinInForce } from '../../domain/records/pin-in-force.ts';
import type { Pin } from '../../domain/records/service-record.ts';
import { type ServiceState, seenIn, type TrafficTarget } from '../../domain/service-state.ts';
import type { Ports } from '../../ports/ports.ts';
import { retryOnConflict } from '../../ports/retry-on-conflict.ts';
import { create, update } from '../../ports/store.ts';
import { findConfig } from './load-config.ts';

const maxTries = 10;

/**
 * The record of a service with the pin that counts: the record's own; else the one in the service's annotation, which
 * another guard may have written, or this one without records. A person's pin counts wherever it is. An annotation is no
 * pin unless the traffic agrees with it, nor once the record has seen that others moved its traffic.
 */
export function withKnownPin(
  service: ServiceState,
  known: ServiceRecord | undefined,
): ServiceRecord | undefined {
  const { ref } = service;
  const annotated = annotatedPin(service, service.traffic);
  if (!annotated || annotated.at.getTime() === known?.pinReleased?.getTime()) return known;
  const recorded = pinInForce(seenIn(service), known);
  if (recorded && (recorded.owner === 'human' || annotated.owner === 'guard')) return known;
  return { ...(known ?? { ref, name: ref.service, lastGood: [], rollbacks: [] }), pin: annotated };
}

/** Stores the pin that counts in the record of a service: what follows a manual change is planned on the record. */
export async function recordKnownPin(service: ServiceState, ports: Pick<Ports, 'store'>): Promise<void> {
  const { store } = ports;
  const { ref } = service;
  const document = documentIn(services, serviceKeyOf(ref));
  await retryOnConflict(maxTries, async () => {
    const stored = await store.get(document);
    const known = withKnownPin(service, stored?.data);
    if (!known || known === stored?.data) return;
    const name = (await findConfig(ref, ports))?.name ?? known.name;
    await store.commit([
      stored ? update(document, stored, { pin: known.pin }) : create(document, { ...known, name }),
    ]);
  });
}

/** @returns the annotations of a service, with the pin that is in force on `traffic` and no other */
export function annotatePin(
  { ref, annotations }: Pick<ServiceState, 'ref' | 'annotations'>,
  pin: Pin | undefined,
): Readonly<Record<string, string>> {
  const { [pinAnnotation]: _, ...others } = annotations;
  return pin ? { ...others, [pinAnnotation]: writePinAnnotation(ref, pin) } : others;
}

/** The pin in the annotation, if it is in force on `traffic`. */
export function annotatedPin(service: ServiceState, traffic: readonly TrafficTarget[]): Pin | undefined {
  return pinInForce({ ...seenIn(service), traffic }, { pin: readPinAnnotation(service) });
}
