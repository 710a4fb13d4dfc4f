import { z } from 'zod';
import { terminalStatuses } from '../../domain/runs/build.ts';
import { authorities, runStates, stages } from '../../domain/stages.ts';
import { actions, verdicts } from '../../domain/verdict.ts';
import type { Collection } from '../document.ts';
import {
  BuildIdSchema,
  ConfigDigestSchema,
  RevisionNameSchema,
  ServiceKeySchema,
  ServiceRefSchema,
} from '../id-schemas.ts';
import { runOpeners } from '../messages.ts';
import { OrderRecord, ReasonRecord, TargetRecord } from './shapes.ts';

/** `runs/{runId}`: one validation of one candidate. Written a few times per run. */
const RunRecord = z.object({
  ref: ServiceRefSchema,
  serviceKey: ServiceKeySchema,
  /** The service's name in the config. */
  name: z.string(),
  configDigest: ConfigDigestSchema,
  candidate: OrderRecord,
  attempt: z.number().int().min(1),
  openedBy: z.enum(runOpeners),
  /** Who asked for it, and why. */
  request: z.object({ actor: z.string(), why: z.string() }).optional(),
  build: z
    .strictObject({
      id: BuildIdSchema,
      name: z.string(),
      status: z.enum(terminalStatuses),
      commit: z.string().optional(),
      /** Which way the revision was found. */
      resolvedBy: z.string(),
    })
    .optional(),
  authority: z.enum(authorities),
  /** True: the candidate is labelled as one that changed a schema; nothing older may replace it. */
  migration: z.boolean().optional(),
  /** How long whoever asked for the run has time to watch; absent: as long as the config says. */
  watchMs: z.number().int().min(0).optional(),
  state: z.enum(runStates),
  stage: z.enum(stages),
  /** When the stage began. */
  stageStartedAt: z.date(),
  /** When the sweep should nudge it; absent once closed. */
  dueAt: z.date().optional(),
  /** When the stage is decided with what there is; absent once closed. */
  stageDeadlineAt: z.date().optional(),
  /** The verified-good revision to compare with and to fall back on; absent: none is known. */
  stable: RevisionNameSchema.optional(),
  /** The traffic spec as the guard last left or found it; a difference in its percents is somebody else's. */
  expectedTraffic: z.array(TargetRecord).optional(),
  /** The traffic spec before the guard first gave the candidate a share; absent: it never did. */
  baseline: z.array(TargetRecord).optional(),
  /** When that was. */
  shiftedAt: z.date().optional(),
  /** The revision that a rollback gave the traffic to. */
  target: RevisionNameSchema.optional(),
  verdict: z.enum(verdicts).optional(),
  reasons: z.array(ReasonRecord),
  action: z.enum(actions),
  /** True: a human should look now. */
  alert: z.boolean().optional(),
  /** What became of the action. */
  outcome: ReasonRecord.optional(),
  createdAt: z.date(),
  closedAt: z.date().optional(),
});
export type RunRecord = z.infer<typeof RunRecord>;
export const runs: Collection<RunRecord> = { path: 'runs', schema: RunRecord };
