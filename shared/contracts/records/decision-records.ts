import { z } from 'zod';
import { stages } from '../../domain/stages.ts';
import { actions, verdicts } from '../../domain/verdict.ts';
import type { Collection } from '../document.ts';
import { EffectIdSchema, RevisionNameSchema, RunIdSchema } from '../id-schemas.ts';
import { ReasonRecord } from './shapes.ts';

/** `decisions/{runId}.{stage}`: the answer of a stage. Created once, never changed. */
const DecisionRecord = z.object({
  runId: RunIdSchema,
  stage: z.enum(stages),
  verdict: z.enum(verdicts),
  reasons: z.array(ReasonRecord),
  action: z.enum(actions),
  /** The stage that follows; absent: the run ends. */
  next: z.enum(stages).optional(),
  /** True: what is recorded good was watched for less than the config's time. */
  short: z.boolean().optional(),
  /** True: a human should look now. */
  alert: z.boolean(),
  effects: z.array(EffectIdSchema),
  /** How many facts it was decided on; they are the stage's health documents 0 … n − 1. */
  facts: z.number().int(),
  startedAt: z.date(),
  at: z.date(),
});
export type DecisionRecord = z.infer<typeof DecisionRecord>;
export const decisions: Collection<DecisionRecord> = { path: 'decisions', schema: DecisionRecord };

/** `cancelled/{runId}`: a newer run has taken over. Created once. */
const CancelRecord = z.object({ by: RunIdSchema, revision: RevisionNameSchema, at: z.date() });
export type CancelRecord = z.infer<typeof CancelRecord>;
export const cancelled: Collection<CancelRecord> = { path: 'cancelled', schema: CancelRecord };

/** `waitingRuns/{runId}`: the run of a newer ready revision waits for this one to end. Created once. */
export const waitingRuns: Collection<CancelRecord> = { path: 'waitingRuns', schema: CancelRecord };
