import { z } from 'zod';
import { terminalStatuses } from '../../domain/build.ts';
import { type Run, type RunBuild, runOpeners } from '../../domain/records/run.ts';
import { authorities, runStates, stages } from '../../domain/stages.ts';
import { actions, verdicts } from '../../domain/verdict.ts';
import type { Collection } from '../document.ts';
import {
  BuildIdSchema,
  ConfigDigestSchema,
  RevisionNameSchema,
  ScanIdSchema,
  ServiceKeySchema,
  ServiceRefSchema,
  WatchedNameSchema,
} from '../id-schemas.ts';
import { OutsideLine } from './outside-text.ts';
import { type FieldsOf, OrderRecord, ReasonRecord, TargetRecord } from './shapes.ts';

/** `runs/{runId}`: one validation of one candidate. Written a few times per run. */
const RunRecord = z.object({
  ref: ServiceRefSchema,
  serviceKey: ServiceKeySchema,
  name: WatchedNameSchema,
  configDigest: ConfigDigestSchema,
  candidate: OrderRecord,
  attempt: z.number().int().min(1),
  openedBy: z.enum(runOpeners),
  request: z.object({ actor: z.string(), why: OutsideLine }).optional(),
  build: z
    .object({
      id: BuildIdSchema,
      name: z.string(),
      status: z.enum(terminalStatuses),
      commit: z.string().optional(),
      resolvedBy: z.string(),
    } satisfies FieldsOf<RunBuild>)
    .optional(),
  authority: z.enum(authorities),
  migration: z.boolean().optional(),
  watchMs: z.number().int().min(0).optional(),
  scan: z.union([BuildIdSchema, ScanIdSchema]).optional(),
  state: z.enum(runStates),
  stage: z.enum(stages),
  stageStartedAt: z.date(),
  dueAt: z.date().optional(),
  stageDeadlineAt: z.date().optional(),
  stable: RevisionNameSchema.optional(),
  expectedTraffic: z.array(TargetRecord).optional(),
  expectedLatest: RevisionNameSchema.optional(),
  baseline: z.array(TargetRecord).optional(),
  shiftedAt: z.date().optional(),
  target: RevisionNameSchema.optional(),
  verdict: z.enum(verdicts).optional(),
  reasons: z.array(ReasonRecord),
  action: z.enum(actions),
  alert: z.boolean().optional(),
  outcome: ReasonRecord.optional(),
  createdAt: z.date(),
  closedAt: z.date().optional(),
} satisfies FieldsOf<Run>);

export type { Run as RunRecord } from '../../domain/records/run.ts';
export const runs: Collection<Run> = { path: 'runs', schema: RunRecord };
