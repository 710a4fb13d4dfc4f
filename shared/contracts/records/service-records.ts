import { z } from 'zod';
import type { Collection } from '../document.ts';
import { EffectIdSchema, RevisionNameSchema, RunIdSchema, ServiceRefSchema } from '../id-schemas.ts';
import { OrderRecord, ReasonRecord, TargetRecord } from './shapes.ts';

/** `movedAway` was stored as `left`. */
function withCurrentNames(stored: unknown): unknown {
  if (typeof stored !== 'object' || stored === null || !('left' in stored)) return stored;
  const { left, ...rest } = stored;
  return { movedAway: left, ...rest };
}

/** `services/{serviceKey}`: what the guard knows of a service between runs. */
const ServiceRecord = z.object({
  ref: ServiceRefSchema,
  name: z.string(),
  /** Verified revisions, newest first, at most `maxLastGood`. `short`: the watch was cut. */
  lastGood: z.array(
    z.preprocess(
      withCurrentNames,
      OrderRecord.extend({
        runId: RunIdSchema,
        at: z.date(),
        short: z.boolean(),
        /** True: a human has moved users away from it, and it is no rollback target until it serves again. */
        movedAway: z.boolean().optional(),
      }),
    ),
  ),
  /** The run that may act on the service: the newest ready revision's, or the last one that was. */
  currentRun: OrderRecord.extend({ runId: RunIdSchema }).optional(),
  /** The newest revision that was ever current: what is older arrives late. */
  newest: OrderRecord.optional(),
  /** The latest automatic rollbacks, newest first, at most `maxRollbacks`: the loop breaker's memory. */
  rollbacks: z.array(z.object({ from: RevisionNameSchema, to: RevisionNameSchema, at: z.date() })),
  /** Traffic that is fixed on a revision; new deploys get none of it. */
  pin: z
    .object({
      /** `guard`: put there by a rollback, and released by the next good deploy. `human`: until it is unpinned. */
      owner: z.enum(['guard', 'human']),
      effectId: EffectIdSchema,
      target: RevisionNameSchema,
      /** The revision that lost its traffic. */
      bad: RevisionNameSchema.optional(),
      /** What the user had, to return to. */
      before: z.array(TargetRecord),
      /** What was written; other percents are somebody else's doing, and end the claim. */
      after: z.array(TargetRecord),
      at: z.date(),
    })
    .optional(),
  /** What a human should look at now; gone when it no longer holds. */
  alarm: ReasonRecord.extend({ revision: RevisionNameSchema, at: z.date() }).optional(),
});
export type ServiceRecord = z.infer<typeof ServiceRecord>;
export const services: Collection<ServiceRecord> = { path: 'services', schema: ServiceRecord };
export const maxLastGood = 10;
export const maxRollbacks = 20;
