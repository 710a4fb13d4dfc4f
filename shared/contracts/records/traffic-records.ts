import { z } from 'zod';
import { type Effect, type EffectRequest, effectStates } from '../../domain/records/effect.ts';
import type { Intent } from '../../domain/records/intent.ts';
import { effectKinds, stages } from '../../domain/stages.ts';
import type { Collection } from '../document.ts';
import {
  EffectIdSchema,
  EtagSchema,
  RevisionNameSchema,
  RunIdSchema,
  ServiceKeySchema,
  ServiceRefSchema,
} from '../id-schemas.ts';
import { OutsideLine } from './outside-text.ts';
import { type FieldsOf, ReasonRecord, TargetRecord } from './shapes.ts';

/**
 * `outbox/{effectId}`: one effect, executed at most once; of a run's decision or requested by a person
 * (`manual.{uuid}`).
 */
const EffectRecord = z.object({
  serviceKey: ServiceKeySchema,
  ref: ServiceRefSchema,
  kind: z.enum(effectKinds),
  runId: RunIdSchema.optional(),
  stage: z.enum(stages).optional(),
  request: z
    .object({
      actor: z.string(),
      why: OutsideLine,
      revision: RevisionNameSchema.optional(),
      seen: z.array(TargetRecord).optional(),
      seenLatest: RevisionNameSchema.optional(),
      force: z.boolean(),
    } satisfies FieldsOf<EffectRequest>)
    .optional(),
  state: z.enum(effectStates),
  outcome: ReasonRecord.optional(),
  dueAt: z.date().optional(),
  intents: z.number().optional(),
  createdAt: z.date(),
  endedAt: z.date().optional(),
} satisfies FieldsOf<Effect>);

export type { Effect as EffectRecord } from '../../domain/records/effect.ts';
export const outbox: Collection<Effect> = { path: 'outbox', schema: EffectRecord };

/** `intents/{effectId}.{n}`: one request to change traffic, stored before the write: the audit trail. */
const IntentRecord = z.object({
  effectId: EffectIdSchema,
  runId: RunIdSchema.optional(),
  serviceKey: ServiceKeySchema,
  ref: ServiceRefSchema,
  actor: z.string(),
  why: OutsideLine,
  etag: EtagSchema,
  generation: z.string(),
  before: z.array(TargetRecord),
  after: z.array(TargetRecord),
  mark: z.string().optional(),
  target: RevisionNameSchema.optional(),
  outcome: z.enum(['unknown', 'accepted', 'rejected']),
  at: z.date(),
} satisfies FieldsOf<Intent>);

export type { Intent as IntentRecord } from '../../domain/records/intent.ts';
export const intents: Collection<Intent> = { path: 'intents', schema: IntentRecord };
