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

/** The intent of an earlier attempt that has landed: its answer was stored, its mark is there, or its traffic is. */
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
    // What a person has written since under a mark of his own is his.
    (lastManual(service) === undefined ? unknown.findLast(({ data }) => isInForce(data, service)) : undefined)
  );
}

/** The service is what the intent wanted it to be, and was not before; not where the mark of before is still there. */
function isInForce({ before, after, etag, mark }: Intent, service: ServiceState): boolean {
  const { traffic } = service;
  const keepsOldMark = mark !== undefined && mark === service.annotations[effectAnnotation];
  if (etag === service.etag || keepsOldMark) return false;
  const wanted = specSplit(after, undefined);
  return sameSplit(specSplit(before, undefined), wanted)
    ? !sameTraffic(before, after) && sameTraffic(after, traffic)
    : sameSplit(wanted, specSplit(traffic, undefined));
}

/** Another executor hears within this time what became of its write, or never. */
const answerMs = 60_000;
/**
 * What is known of an earlier write that the service, which has changed since, shows no trace of. `under-way`: who has
 * sent it may still be told that it was refused. `unknown`: it may have landed and been replaced.
 */
export function judgeTraceless(
  { generation, annotations }: ServiceState,
  effectId: EffectId,
  past: readonly PastWrite[],
): 'none' | 'under-way' | 'unknown' {
  // All that might have landed was voided.
  if (annotations[effectAnnotation] === voidOf(effectId)) return 'none';
  const traceless = past.filter(
    ({ data }) => data.outcome === 'unknown' && data.generation !== String(generation),
  );
  if (traceless.length === 0) return 'none';
  return traceless.some(({ ageMs }) => ageMs < answerMs) ? 'under-way' : 'unknown';
}

/** Writes that may be on their way: the service still has the etag that they need. */
export function findLate<W extends PastWrite>({ etag }: ServiceState, past: readonly W[]): W[] {
  return past.filter(({ data }) => data.outcome === 'unknown' && data.etag === etag);
}

/** The mark of a write that changes nothing else, so that no earlier one of its effect can land any more. */
export function voidOf(effectId: EffectId): string {
  return `${effectId}.void`;
}

/** The manual change whose write landed last; undefined: the last write was not a person's. */
export function lastManual({ annotations }: ServiceState): EffectId | undefined {
  const mark = annotations[effectAnnotation] ?? '';
  if (!mark.startsWith(manualPrefix) || !isDocumentId(mark)) return undefined;
  return mark.split('.').slice(0, 2).join('.') as EffectId;
}
