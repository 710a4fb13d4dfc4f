import { z } from 'zod';
import type { PlannedCheck, PlannedShard } from '../../domain/checks/planned-shard.ts';
import { priorities } from '../../domain/checks/priorities.ts';
import { settlements } from '../../domain/checks/settled-check.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Collection } from '../document.ts';
import { RevisionNameSchema, RunIdSchema } from '../id-schemas.ts';
import { OutsideLine, OutsideText } from './outside-text.ts';
import { runs } from './run-records.ts';
import type { FieldsOf } from './shapes.ts';

const count = z.number().int().min(0);

/** `runs/{runId}/plan/head`: the checks of the run; once it exists, the plan is fixed. Created once. */
const PlanHeadRecord = z.object({
  /** Identifies the documents that contain the shards: `{digest}.{n}`. */
  digest: z.string(),
  chunks: count,
  shards: count,
  checks: count,
  /** How many slots work at the same time. */
  workers: count,
  /** The number of checks that count, per priority: all except those in quarantine. */
  counted: z.object({ P1: count, P2: count, P3: count, P4: count, P5: count, P6: count }),
  /** What could not be collected, with the reasons. */
  problems: z.array(OutsideLine),
  /** The same of suites that only warn; absent: nothing. */
  warnings: z.array(OutsideLine).optional(),
  /** Why no check can be sent to the candidate alone; absent: it can. */
  unreachable: OutsideLine.optional(),
  /** The candidate's share of the traffic, in percent. */
  share: z.number(),
  /** The revision to compare with; absent: there is none, or no URL leads to it. */
  stable: RevisionNameSchema.optional(),
  at: z.date(),
});
export type PlanHeadRecord = z.infer<typeof PlanHeadRecord>;
export function planHeadOf(runId: RunId): Collection<PlanHeadRecord> {
  return { path: `${runs.path}/${runId}/plan`, schema: PlanHeadRecord };
}
export const planHeadId = 'head';

/** `runs/{runId}/plan/{digest}.{n}`: some of the shards. Created before the head that names it. */
const PlanChunkRecord = z.object({
  shards: z.array(
    z.object({
      suite: z.string(),
      expectedMs: z.number().min(0),
      /** How many of its checks have no known duration: their expected durations are estimates. */
      unknown: z.int().min(0).optional(),
      checks: z.array(
        z.object({
          id: z.string(),
          quarantined: z.boolean().optional(),
          warns: z.boolean().optional(),
        } satisfies FieldsOf<PlannedCheck>),
      ),
    } satisfies FieldsOf<PlannedShard>),
  ),
});
export type PlanChunkRecord = { readonly shards: readonly PlannedShard[] };
export type { PlannedShard as PlannedShardRecord } from '../../domain/checks/planned-shard.ts';
export function planChunksOf(runId: RunId): Collection<PlanChunkRecord> {
  return { path: `${runs.path}/${runId}/plan`, schema: PlanChunkRecord };
}

/** `runs/{runId}/claims/{i}`: the worker of shard i. */
const ClaimRecord = z.object({
  i: count,
  slot: count,
  /** Makes each claim unique, so that only one of many workers can take it over. */
  nonce: z.string(),
  /** How often it was claimed. */
  attempt: z.number().int().min(1),
  leaseUntil: z.date(),
});
export type ClaimRecord = z.infer<typeof ClaimRecord>;
export function claimsOf(runId: RunId): Collection<ClaimRecord> {
  return { path: `${runs.path}/${runId}/claims`, schema: ClaimRecord };
}

/** `runs/{runId}/shards/{i}`: the results of shard i, in the plan's order. Created once, never changed. */
const ShardRecord = z.object({
  i: count,
  slot: count,
  /** See domain/checks/gates.ts. Every shard has it, since an aggregation skips documents without the field. */
  w: count,
  /** The failure that so many checks share that the rest was not run. */
  burst: z.string().optional(),
  checks: z.array(
    z.object({
      settlement: z.enum(settlements),
      durationMs: z.number().min(0),
      untimed: z.boolean().optional(),
      latencyMs: z.number().min(0).optional(),
      /** The number of executions on candidate and stable. */
      attempts: count,
      detail: OutsideText.optional(),
    }),
  ),
  startedAt: z.date(),
  endedAt: z.date(),
});
export type ShardRecord = z.infer<typeof ShardRecord>;
export function shardsOf(runId: RunId): Collection<ShardRecord> {
  return { path: `${runs.path}/${runId}/shards`, schema: ShardRecord };
}

/** `runs/{runId}/witness/tests`: whether the revision's request log shows requests of its tests. Created once. */
const WitnessRecord = z.object({
  /** `unknown`: the log cannot be read, or lacks the guard's own probes, too. */
  seen: z.enum(['requests', 'nothing', 'unknown']),
  detail: OutsideLine,
  at: z.date(),
});
export type WitnessRecord = z.infer<typeof WitnessRecord>;
export function witnessOf(runId: RunId): Collection<WitnessRecord> {
  return { path: `${runs.path}/${runId}/witness`, schema: WitnessRecord };
}
export const witnessId = 'tests';

/** `runs/{runId}/slots/{slot}`: the current message of a worker slot. */
const SlotRecord = z.object({ turn: count });
export type SlotRecord = z.infer<typeof SlotRecord>;
export function slotsOf(runId: RunId): Collection<SlotRecord> {
  return { path: `${runs.path}/${runId}/slots`, schema: SlotRecord };
}

/** `runs/{runId}/failures/{testKey}`: a check that did not simply pass, for queries. */
const FailureRecord = z.object({
  suite: z.string(),
  id: z.string(),
  priority: z.enum(priorities),
  quarantined: z.boolean(),
  /** True: it does not count for its severity, and is in no quarantine. */
  warns: z.boolean().optional(),
  settlement: z.enum(settlements),
  detail: OutsideText.optional(),
  signature: z.string().optional(),
  shard: count,
});
export type FailureRecord = z.infer<typeof FailureRecord>;
export function failuresOf(runId: RunId): Collection<FailureRecord> {
  return { path: `${runs.path}/${runId}/failures`, schema: FailureRecord };
}

const TestHistoryEntry = z.object({
  /** 20 hex digits: hash of suite and id. */
  key: z.string(),
  suite: z.string(),
  /** The beginning of a long id. */
  id: z.string(),
  /** The latest durations of passes, newest last. */
  greenMs: z.array(z.number().min(0)),
  /** One letter per run, newest last: `p`assed, `~` flaky, `f`ailed, `e`rrored. */
  results: z.string(),
  /** The failures since the last pass. */
  failing: z.object({ revision: RevisionNameSchema, since: z.date() }).optional(),
  firstFailureAt: z.date().optional(),
  lastFailureAt: z.date().optional(),
  /** When it was last part of a run. */
  seenAt: z.date(),
});
export type TestHistoryEntry = z.infer<typeof TestHistoryEntry>;

/** `tests/{serviceKey}.{environment}.{bucket}`: the history of some of a service's tests. Written once per run. */
const TestHistoryRecord = z.object({
  /** `{serviceKey}.{environment}` */
  of: z.string(),
  bucket: count,
  /** The latest runs in it: no run is counted twice. */
  runs: z.array(RunIdSchema),
  tests: z.array(TestHistoryEntry),
});
export type TestHistoryRecord = z.infer<typeof TestHistoryRecord>;
export const testHistories: Collection<TestHistoryRecord> = { path: 'tests', schema: TestHistoryRecord };
