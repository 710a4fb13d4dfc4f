import { z } from 'zod';
import { type ServiceRef, serviceKeyOf } from '../../domain/ids.ts';
import type { Pin } from '../../domain/records/service-record.ts';
import type { ServiceState, TrafficTarget } from '../../domain/service-state.ts';
import { EffectIdSchema, RevisionNameSchema } from '../id-schemas.ts';

/** The annotation with the pin of our last write, for a guard that has no record of it. */
export const pinAnnotation = 'deploy-loop-pin';

/** Far more than any pin takes; nothing longer is parsed. */
const maxLength = 32_768;

const Split = z
  .array(
    z.strictObject({
      revision: RevisionNameSchema.optional(),
      percent: z.number().int().min(1).max(100),
    }),
  )
  .refine((split) => split.reduce((sum, { percent }) => sum + percent, 0) === 100, 'not 100 %');

/** Strict, since anybody who may change the service may write it: whatever is unknown here is no pin of ours. */
const AnnotatedPin = z
  .strictObject({
    service: z.string(),
    owner: z.enum(['guard', 'human']),
    effectId: EffectIdSchema,
    target: RevisionNameSchema,
    bad: RevisionNameSchema.optional(),
    before: Split,
    after: Split,
    at: z.iso.datetime().transform((time) => new Date(time)),
  })
  .refine(
    ({ after, target }) => after.some(({ revision }) => revision === target),
    'the target has no traffic',
  );

/**
 * The pin in the annotation of a service; undefined: there is none, or the text is not of our making, or it was copied
 * from another service.
 */
export function readPinAnnotation({
  ref,
  annotations,
}: Pick<ServiceState, 'ref' | 'annotations'>): Pin | undefined {
  const text = annotations[pinAnnotation];
  if (text === undefined || text.length > maxLength) return undefined;
  try {
    const { service, ...pin } = AnnotatedPin.parse(JSON.parse(text));
    return service === serviceKeyOf(ref) ? pin : undefined;
  } catch {
    return undefined;
  }
}

/** One line of JSON. Tags are left out: each write keeps those of the service itself. */
export function writePinAnnotation(
  ref: ServiceRef,
  { owner, effectId, target, bad, before, after, at }: Pin,
): string {
  const percents = { before: sharesOf(before), after: sharesOf(after) };
  return JSON.stringify({ service: serviceKeyOf(ref), owner, effectId, target, bad, ...percents, at });
}

/** An empty spec is all on LATEST. */
function sharesOf(traffic: readonly TrafficTarget[]): TrafficTarget[] {
  const shares = traffic.flatMap(({ revision, percent }) => (percent > 0 ? [{ revision, percent }] : []));
  return shares.length > 0 ? shares : [{ percent: 100 }];
}
