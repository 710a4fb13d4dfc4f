import { z } from 'zod';
import { stages } from '../domain/stages.ts';
import {
  BuildNameSchema,
  EffectIdSchema,
  NoticeIdSchema,
  RevisionNameSchema,
  RunIdSchema,
  ServiceRefSchema,
} from './id-schemas.ts';

// Read leniently, like records: fields of a newer version are ignored, since the receiver reads the facts again.

/** Validate what a build deployed, or one revision of one service. */
export const BeginValidation = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('build'),
    name: BuildNameSchema,
  }),
  z.object({
    kind: z.literal('revision'),
    ref: ServiceRefSchema,
    revision: RevisionNameSchema,
    openedBy: z.enum(['guard', 'apply', 'sweep', 'rerun']),
    /** The requested attempt: the same message twice requests the same attempt. */
    attempt: z.int().min(1).max(1000),
    /** The person who asked for it, and the reason; absent: no person did, or no reason was given. */
    request: z.object({ actor: z.string().max(300), why: z.string().max(300) }).optional(),
  }),
]);
export type BeginValidation = z.infer<typeof BeginValidation>;

export const CheckHealth = z.object({
  runId: RunIdSchema,
  /** True: a nudge, ignored while another process is visibly working on the run. */
  nudge: z.boolean().optional(),
  /** True: so many checks of stage `tests` fail alike that the revision itself must be probed. */
  burst: z.boolean().optional(),
});
export type CheckHealth = z.infer<typeof CheckHealth>;

/** Plan a run's checks and wake its workers; if the plan exists, wake only the missing workers. */
export const DispatchShards = z.object({ runId: RunIdSchema });
export type DispatchShards = z.infer<typeof DispatchShards>;

/** Work on a run's shards as one of its worker slots. */
export const ExecuteShard = z.object({
  runId: RunIdSchema,
  slot: z.int().min(0).max(1000),
  /** A slot works in turns, each shorter than a push may take; a message of an older turn is outdated. */
  turn: z.int().min(0).max(100_000),
});
export type ExecuteShard = z.infer<typeof ExecuteShard>;

/** Add a run's results to the history of its tests. */
export const RecordHistory = z.object({ runId: RunIdSchema });
export type RecordHistory = z.infer<typeof RecordHistory>;

/** Find out why a run failed, once traffic is safe. */
export const Diagnose = z.object({ runId: RunIdSchema });
export type Diagnose = z.infer<typeof Diagnose>;

export const DecideStage = z.object({ runId: RunIdSchema, stage: z.enum(stages) });
export type DecideStage = z.infer<typeof DecideStage>;

export const RouteTraffic = z.object({ effectId: EffectIdSchema });
export type RouteTraffic = z.infer<typeof RouteTraffic>;

/** Tell others what a notice says, as it is now. */
export const Notify = z.object({ noticeId: NoticeIdSchema });
export type Notify = z.infer<typeof Notify>;

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
  diagnose: Diagnose,
  notify: Notify,
  'sweep-stale-runs': SweepStaleRuns,
} as const;

export type Hop = keyof typeof messageSchemas;
export type MessageOf<H extends Hop> = z.infer<(typeof messageSchemas)[H]>;
