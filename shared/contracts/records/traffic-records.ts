import { z } from 'zod';
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
import { ReasonRecord, TargetRecord } from './shapes.ts';

/** How the ids of effects begin that are done by hand. */
export const manualPrefix = 'manual.';

/** `outbox/{effectId}`: one effect to be done at most once, of a run's decision or by hand (`manual.{uuid}`). */
const EffectRecord = z.object({
  serviceKey: ServiceKeySchema,
  ref: ServiceRefSchema,
  kind: z.enum(effectKinds),
  /** The run and stage whose decision it is; absent: it is done by hand. */
  runId: RunIdSchema.optional(),
  stage: z.enum(stages).optional(),
  /** Who wants it done, why and to what; absent: a run does. */
  request: z
    .object({
      actor: z.string(),
      why: z.string(),
      revision: RevisionNameSchema.optional(),
      /** The traffic spec when it was asked for: with other percents it is another question. */
      seen: z.array(TargetRecord).optional(),
      /** True: also where the revision is not known to be good. */
      force: z.boolean(),
    })
    .optional(),
  state: z.enum(['open', 'done', 'skipped', 'stopped']),
  /** Why it ended so, or what went wrong last. */
  outcome: ReasonRecord.optional(),
  /** When the sweep should nudge it; absent once it has ended. */
  dueAt: z.date().optional(),
  lease: z.object({ nonce: z.string(), until: z.date() }).optional(),
  createdAt: z.date(),
  endedAt: z.date().optional(),
});
export type EffectRecord = z.infer<typeof EffectRecord>;
export const outbox: Collection<EffectRecord> = { path: 'outbox', schema: EffectRecord };

/** `intents/{effectId}.{n}`: one wish to change traffic, written before the write: the audit trail. */
const IntentRecord = z.object({
  effectId: EffectIdSchema,
  /** Absent: by hand. */
  runId: RunIdSchema.optional(),
  serviceKey: ServiceKeySchema,
  ref: ServiceRefSchema,
  actor: z.string(),
  why: z.string(),
  etag: EtagSchema,
  /** The service's generation before the write; text, since it is a 64-bit number. */
  generation: z.string(),
  before: z.array(TargetRecord),
  after: z.array(TargetRecord),
  /** The revision that a rollback gives the candidate's traffic to. */
  target: RevisionNameSchema.optional(),
  /** `unknown` until the platform's answer is stored. */
  outcome: z.enum(['unknown', 'accepted', 'rejected']),
  at: z.date(),
});
export type IntentRecord = z.infer<typeof IntentRecord>;
export const intents: Collection<IntentRecord> = { path: 'intents', schema: IntentRecord };
