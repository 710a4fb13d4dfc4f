import { z } from 'zod';
import type {
  Alarm,
  CurrentRun,
  MadeRollback,
  Pin,
  ServiceRecord as Service,
  TagRefusal,
  VerifiedRevision,
} from '../../domain/records/service-record.ts';
import type { Collection } from '../document.ts';
import {
  EffectIdSchema,
  RevisionNameSchema,
  RunIdSchema,
  ServiceRefSchema,
  WatchedNameSchema,
} from '../id-schemas.ts';
import { OutsideLine } from './outside-text.ts';
import { type FieldsOf, OrderRecord, ReasonRecord, TargetRecord } from './shapes.ts';

/** `movedAway` was stored as `left`. */
function withCurrentNames(stored: unknown): unknown {
  if (typeof stored !== 'object' || stored === null || !('left' in stored)) return stored;
  const { left, ...rest } = stored;
  return { movedAway: left, ...rest };
}

/** `services/{serviceKey}`: what the guard knows about a service between runs. */
const ServiceRecord = z.object({
  ref: ServiceRefSchema,
  name: WatchedNameSchema,
  lastGood: z.array(
    z.preprocess(
      withCurrentNames,
      OrderRecord.extend({
        runId: RunIdSchema,
        at: z.date(),
        short: z.boolean(),
        movedAway: z.boolean().optional(),
      } satisfies Partial<FieldsOf<VerifiedRevision>>),
    ),
  ),
  currentRun: OrderRecord.extend({ runId: RunIdSchema } satisfies Partial<FieldsOf<CurrentRun>>).optional(),
  newest: OrderRecord.optional(),
  rollbacks: z.array(
    z.object({
      from: RevisionNameSchema,
      to: RevisionNameSchema,
      at: z.date(),
    } satisfies FieldsOf<MadeRollback>),
  ),
  pin: z
    .object({
      owner: z.enum(['guard', 'human']),
      effectId: EffectIdSchema,
      target: RevisionNameSchema,
      bad: RevisionNameSchema.optional(),
      before: z.array(TargetRecord),
      after: z.array(TargetRecord),
      at: z.date(),
    } satisfies FieldsOf<Pin>)
    .optional(),
  pinReleased: z.date().optional(),
  alarm: ReasonRecord.extend({ revision: RevisionNameSchema, at: z.date() } satisfies Partial<
    FieldsOf<Alarm>
  >).optional(),
  tagRefusal: z
    .object({
      fault: z.string(),
      status: z.number().optional(),
      detail: OutsideLine,
      revision: RevisionNameSchema,
      at: z.date(),
    } satisfies FieldsOf<TagRefusal>)
    .optional(),
} satisfies FieldsOf<Service>);

export type { ServiceRecord } from '../../domain/records/service-record.ts';
export const services: Collection<Service> = { path: 'services', schema: ServiceRecord };
