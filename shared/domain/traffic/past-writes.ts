import { type EffectId, isDocumentId } from '../ids.ts';
import { manualPrefix } from '../records/effect.ts';
import type { Intent } from '../records/intent.ts';
import { type ServiceState, sameSplit, specSplit } from '../service-state.ts';
import { effectAnnotation, sameTraffic } from './plan-traffic.ts';

/** One intent of an effect, and how long ago it was stored, by the store's clock. */
export interface PastWrite {
  readonly id: string;
  readonly data: Intent;
  readonly ageMs: number;
}

/** The intent of an earlier attempt whose write has landed: its response, its mark or its traffic shows that. */
export function findLanded<W extends PastWrite>(
  service: ServiceState,
  effectId: EffectId,
  past: readonly W[],
): W | undefined {
  const mark = service.annotations[effectAnnotation];
  const unknown = past.filter(({ data }) => data.outcome === 'unknown');
  return (
    past.findLast(({ data }) => data.outcome === 'accepted') ??
    unknown.find(({ id, data }) => id === mark && data.etag !== service.etag) ??
    // The mark of earlier versions.
    (mark === effectId ? unknown.at(-1) : undefined) ??
    // The traffic under the mark of a manual change belongs to that change.
    (lastManual(service) === undefined ? unknown.findLast(({ data }) => isInForce(data, service)) : undefined)
  );
}

/**
 * True: the service has the traffic of the intent, and did not have it before; not while the previous mark is still
 * there.
 */
function isInForce({ before, after, etag, mark }: Intent, service: ServiceState): boolean {
  const { traffic } = service;
  const keepsOldMark = mark !== undefined && mark === service.annotations[effectAnnotation];
  if (etag === service.etag || keepsOldMark) return false;
  const wanted = specSplit(after, undefined);
  return sameSplit(specSplit(before, undefined), wanted)
    ? !sameTraffic(before, after) && sameTraffic(after, traffic)
    : sameSplit(wanted, specSplit(traffic, undefined));
}

/** An executor learns the result of its write within this time, or never. */
const answerMs = 60_000;
/**
 * Judges an earlier write that left no trace on a service that has changed since. `under-way`: its sender may still
 * learn that it was refused. `unknown`: it may have landed and been overwritten.
 */
export function judgeTraceless(
  { generation, annotations }: ServiceState,
  effectId: EffectId,
  past: readonly PastWrite[],
): 'none' | 'under-way' | 'unknown' {
  // Every write that might have landed was voided.
  if (annotations[effectAnnotation] === voidOf(effectId)) return 'none';
  const traceless = past.filter(
    ({ data }) => data.outcome === 'unknown' && data.generation !== String(generation),
  );
  if (traceless.length === 0) return 'none';
  return traceless.some(({ ageMs }) => ageMs < answerMs) ? 'under-way' : 'unknown';
}

/** Writes that may still arrive: the service still has the etag that they need. */
export function findLate<W extends PastWrite>({ etag }: ServiceState, past: readonly W[]): W[] {
  return past.filter(({ data }) => data.outcome === 'unknown' && data.etag === etag);
}

/** The mark of a write that changes nothing else: after it, no earlier write of its effect can land. */
export function voidOf(effectId: EffectId): string {
  return `${effectId}.void`;
}

/** The latest manual change whose write landed; undefined: the last write was not manual. */
export function lastManual({ annotations }: ServiceState): EffectId | undefined {
  const mark = annotations[effectAnnotation] ?? '';
  if (!mark.startsWith(manualPrefix) || !isDocumentId(mark)) return undefined;
  return mark.split('.').slice(0, 2).join('.') as EffectId;
}
