import { z } from 'zod';
import type { DecisionRecord as Decided } from '../../domain/records/decision-record.ts';
import { stages } from '../../domain/stages.ts';
import { actions, verdicts } from '../../domain/verdict.ts';
import type { Collection } from '../document.ts';
import { EffectIdSchema, RevisionNameSchema, RunIdSchema } from '../id-schemas.ts';
import { type FieldsOf, ReasonRecord } from './shapes.ts';

/** `decisions/{runId}.{stage}`: the decision on a stage. Created once, never changed. */
const DecisionRecord = z.object({
  runId: RunIdSchema,
  stage: z.enum(stages),
  verdict: z.enum(verdicts),
  reasons: z.array(ReasonRecord),
  action: z.enum(actions),
  next: z.enum(stages).optional(),
  short: z.boolean().optional(),
  alert: z.boolean(),
  effects: z.array(EffectIdSchema),
  facts: z.number().int(),
  startedAt: z.date(),
  at: z.date(),
} satisfies FieldsOf<Decided>);

export type { DecisionRecord } from '../../domain/records/decision-record.ts';
export const decisions: Collection<Decided> = { path: 'decisions', schema: DecisionRecord };

/** `cancelled/{runId}`: a newer run has taken over. Created once. */
const CancelRecord = z.object({ by: RunIdSchema, revision: RevisionNameSchema, at: z.date() });
export type CancelRecord = z.infer<typeof CancelRecord>;
export const cancelled: Collection<CancelRecord> = { path: 'cancelled', schema: CancelRecord };

/** `waitingRuns/{runId}`: the run of a newer ready revision waits for this one to end. Created once. */
export const waitingRuns: Collection<CancelRecord> = { path: 'waitingRuns', schema: CancelRecord };
