import { z } from 'zod';
import { stages } from '../domain/stages.ts';
import { EffectIdSchema, RevisionNameSchema, RunIdSchema, ServiceRefSchema } from './id-schemas.ts';

// Read leniently, as records are: what a newer version adds is ignored, since whoever acts reads the facts again.

/** Validate what a build deployed, or one revision of one service. */
export const BeginValidation = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('build'),
    /** `projects/{p}/locations/{region}/builds/{uuid}` */
    name: z.string().regex(/^projects\/[a-z0-9.:-]+\/locations\/[a-z0-9-]+\/builds\/[0-9a-f-]{36}$/),
  }),
  z.object({
    kind: z.literal('revision'),
    ref: ServiceRefSchema,
    revision: RevisionNameSchema,
    openedBy: z.enum(['guard', 'apply', 'sweep', 'rerun']),
    /** Which attempt is wanted: the same message twice is the same attempt. */
    attempt: z.int().min(1).max(1000),
    /** Who asks for it, and why; absent: not a person, or one who did not say. */
    request: z.object({ actor: z.string().max(300), why: z.string().max(300) }).optional(),
  }),
]);
export type BeginValidation = z.infer<typeof BeginValidation>;

export const CheckHealth = z.object({
  runId: RunIdSchema,
  /** True: a nudge, to be passed over where somebody is seen to be at it. */
  nudge: z.boolean().optional(),
  /** True: so many checks fail alike in stage `tests` that the revision itself is to be asked. */
  burst: z.boolean().optional(),
});
export type CheckHealth = z.infer<typeof CheckHealth>;

/** Plan a run's checks and wake its workers; done before, wake those that are missing. */
export const DispatchShards = z.object({ runId: RunIdSchema });
export type DispatchShards = z.infer<typeof DispatchShards>;

/** Work on a run's shards as one of its worker slots. */
export const ExecuteShard = z.object({
  runId: RunIdSchema,
  slot: z.int().min(0).max(1000),
  /** A slot works in turns, each shorter than a push may take; an older turn's message is out of date. */
  turn: z.int().min(0).max(100_000),
});
export type ExecuteShard = z.infer<typeof ExecuteShard>;

/** Add a run's results to the history of its tests. */
export const RecordHistory = z.object({ runId: RunIdSchema });
export type RecordHistory = z.infer<typeof RecordHistory>;

export const DecideStage = z.object({ runId: RunIdSchema, stage: z.enum(stages) });
export type DecideStage = z.infer<typeof DecideStage>;

export const RouteTraffic = z.object({ effectId: EffectIdSchema });
export type RouteTraffic = z.infer<typeof RouteTraffic>;

export const SweepStaleRuns = z.object({});
export type SweepStaleRuns = z.infer<typeof SweepStaleRuns>;

/** One schema per hop; the hop, its function and its service share the name. */
export const messageSchemas = {
  'begin-validation': BeginValidation,
  'check-health': CheckHealth,
  'dispatch-shards': DispatchShards,
  'execute-shard': ExecuteShard,
  'decide-stage': DecideStage,
  'route-traffic': RouteTraffic,
  'record-history': RecordHistory,
  'sweep-stale-runs': SweepStaleRuns,
} as const;

export type Hop = keyof typeof messageSchemas;
export type MessageOf<H extends Hop> = z.infer<(typeof messageSchemas)[H]>;
