import { z } from 'zod';
import type { RevisionOrder } from '../../domain/revision.ts';
import type { TrafficTarget } from '../../domain/service-state.ts';
import { type Reason, reasonCodes } from '../../domain/verdict.ts';
import { RevisionNameSchema } from '../id-schemas.ts';
import { OutsideLine } from './outside-text.ts';

/** One schema for each field of an entity, and none for anything else: `satisfies FieldsOf<Run>`. */
export type FieldsOf<Entity> = { readonly [Key in keyof Entity]-?: z.ZodType<Entity[Key]> };

// Objects are read leniently: a newer version may have added a field, and an older one must keep working.
export const ReasonRecord = z.object({
  code: z.enum(reasonCodes).catch('other'),
  text: OutsideLine,
} satisfies FieldsOf<Reason>);
export const TargetRecord = z.object({
  revision: RevisionNameSchema.optional(),
  percent: z.number().int().min(0).max(100),
  tag: z.string().optional(),
} satisfies FieldsOf<TrafficTarget>);

/** The position of a revision in the order of deploys. */
export const OrderRecord = z.object({
  revision: RevisionNameSchema,
  createTime: z.date(),
} satisfies FieldsOf<RevisionOrder>);
