import { z } from 'zod';
import { reasonCodes } from '../../domain/verdict.ts';
import { RevisionNameSchema } from '../ids.ts';

// Objects are read leniently: a newer version may have added a field, and an older one must go on working.
export const ReasonRecord = z.object({ code: z.enum(reasonCodes).catch('other'), text: z.string() });
export const TargetRecord = z.object({
  revision: RevisionNameSchema.optional(),
  percent: z.number().int().min(0).max(100),
  tag: z.string().optional(),
});

/** What places a revision in the order of deploys. */
export const OrderRecord = z.object({ revision: RevisionNameSchema, createTime: z.date() });
