import { z } from 'zod';
import { terminalStatuses } from '../domain/build.ts';
import type { RunId, ServiceKey } from '../domain/ids.ts';
import { faults, unknownCauses } from '../domain/probe-outcome.ts';
import { unreadableCauses } from '../domain/request-window.ts';
import { authorities, effectKinds, runStates, stages } from '../domain/stages.ts';
import { actions, verdicts } from '../domain/verdict.ts';
import { ConfigSchema } from './config.ts';
import { type Collection, type DocumentRef, documentIn } from './document.ts';
import {
  BuildIdSchema,
  ConfigDigestSchema,
  EffectIdSchema,
  EtagSchema,
  RevisionNameSchema,
  RunIdSchema,
  ServiceKeySchema,
  ServiceRefSchema,
} from './ids.ts';
import { runOpeners } from './messages.ts';

// Objects are read leniently: a newer version may have added a field, and an older one must go on working.
const ReasonRecord = z.object({ code: z.string(), text: z.string() });
const TargetRecord = z.object({
  revision: RevisionNameSchema.optional(),
  percent: z.number().int().min(0).max(100),
  tag: z.string().optional(),
});

/** `configs/{digest}`: one applied config, never changed. */
const ConfigRecord = z.object({ config: ConfigSchema, appliedAt: z.date() });
export type ConfigRecord = z.infer<typeof ConfigRecord>;
export const configs: Collection<ConfigRecord> = { path: 'configs', schema: ConfigRecord };

/** `control/config`: which config is in force. */
const CurrentConfigRecord = z.object({ digest: ConfigDigestSchema, appliedAt: z.date() });
export type CurrentConfigRecord = z.infer<typeof CurrentConfigRecord>;
const currentConfigs: Collection<CurrentConfigRecord> = { path: 'control', schema: CurrentConfigRecord };
export const currentConfig = documentIn(currentConfigs, 'config');

/** What a person, or a failed re-verification, wants from `at` on until it is lifted. */
const ControlRecord = z.object({
  reason: z.string(),
  /** Absent: the guard itself. */
  actor: z.string().optional(),
  runId: RunIdSchema.optional(),
  at: z.date(),
  liftedAt: z.date().optional(),
  liftedBy: z.string().optional(),
});
export type ControlRecord = z.infer<typeof ControlRecord>;
const controls: Collection<ControlRecord> = { path: 'control', schema: ControlRecord };

/** `control/kill`: no write to any service's traffic, by whomever. */
export const killSwitch = documentIn(controls, 'kill');

/** `control/{serviceKey}`: no automatic write for this service. */
export function freezeOf(serviceKey: ServiceKey): DocumentRef<ControlRecord> {
  return documentIn(controls, serviceKey);
}

/** `control/pause.{serviceKey}`: no revision gets more traffic; failing ones still lose it. */
export function pauseOf(serviceKey: ServiceKey): DocumentRef<ControlRecord> {
  return documentIn(controls, `pause.${serviceKey}`);
}

/** `control/abort.{runId}`: a person has given this run up. */
export function abortOf(runId: RunId): DocumentRef<ControlRecord> {
  return documentIn(controls, `abort.${runId}`);
}

/** `builds/{buildId}`: what became of a build's completion. */
const BuildRecord = z.object({
  name: z.string(),
  status: z.enum(terminalStatuses),
  outcome: z.enum(['validated', 'ignored', 'ambiguous']),
  reason: ReasonRecord,
  runs: z.array(RunIdSchema),
  at: z.date(),
});
export type BuildRecord = z.infer<typeof BuildRecord>;
export const builds: Collection<BuildRecord> = { path: 'builds', schema: BuildRecord };

/** `rejections/{hash}`: a message that was acknowledged and not acted on, with the reason; bounded by a TTL. */
const RejectionRecord = z.object({
  hop: z.string(),
  reason: ReasonRecord,
  /** The ids that the message carried, never its payload. */
  subject: z.string().max(256),
  at: z.date(),
});
export type RejectionRecord = z.infer<typeof RejectionRecord>;
export const rejections: Collection<RejectionRecord> = { path: 'rejections', schema: RejectionRecord };

const OrderRecord = z.object({ revision: RevisionNameSchema, createTime: z.date() });

/** `services/{serviceKey}`: what the guard knows of a service between runs. */
const ServiceRecord = z.object({
  ref: ServiceRefSchema,
  name: z.string(),
  /** Verified revisions, newest first, at most `maxLastGood`. `short`: the watch was cut. */
  lastGood: z.array(
    OrderRecord.extend({
      runId: RunIdSchema,
      at: z.date(),
      short: z.boolean(),
      /** True: a human has moved users away from it, and it is no way back until it serves again. */
      left: z.boolean().optional(),
    }),
  ),
  /** The run that may act on the service: the newest ready revision's, or the last one that was. */
  currentRun: OrderRecord.extend({ runId: RunIdSchema }).optional(),
  /** The newest revision that was ever current: what is older arrives late. */
  newest: OrderRecord.optional(),
  /** The latest automatic rollbacks, newest first, at most `maxRollbacks`: the loop breaker's memory. */
  rollbacks: z.array(z.object({ from: RevisionNameSchema, to: RevisionNameSchema, at: z.date() })),
  /** Traffic that is fixed on a revision; new deploys get none of it. */
  pin: z
    .object({
      /** `guard`: put there by a rollback, and released by the next good deploy. `human`: until it is unpinned. */
      owner: z.enum(['guard', 'human']),
      effectId: EffectIdSchema,
      target: RevisionNameSchema,
      /** The revision that lost its traffic. */
      bad: RevisionNameSchema.optional(),
      /** What the user had, to return to. */
      before: z.array(TargetRecord),
      /** What was written; other percents are somebody else's doing, and end the claim. */
      after: z.array(TargetRecord),
      at: z.date(),
    })
    .optional(),
  /** What a human should look at now; gone when it no longer holds. */
  alarm: ReasonRecord.extend({ revision: RevisionNameSchema, at: z.date() }).optional(),
});
export type ServiceRecord = z.infer<typeof ServiceRecord>;
export const services: Collection<ServiceRecord> = { path: 'services', schema: ServiceRecord };
export const maxLastGood = 10;
export const maxRollbacks = 20;

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

const ProbeOutcomeRecord = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('good'), status: z.number(), latencyMs: z.number() }),
  z.object({
    kind: z.literal('bad'),
    fault: z.enum(faults),
    status: z.number().optional(),
    latencyMs: z.number(),
    detail: z.string(),
  }),
  z.object({ kind: z.literal('unknown'), cause: z.enum(unknownCauses), detail: z.string() }),
]);

const RequestWindowRecord = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('counted'),
    from: z.date(),
    to: z.date(),
    requests: z.number().int(),
    serverErrors: z.number().int(),
    p95Ms: z.number().optional(),
  }),
  z.object({
    kind: z.literal('unreadable'),
    from: z.date(),
    to: z.date(),
    cause: z.enum(unreadableCauses),
    detail: z.string(),
  }),
]);

/** `runs/{runId}/health/{stage}.{n}`: what was seen at tick n. Created once, never changed. */
const HealthFactRecord = z.object({
  stage: z.enum(stages),
  n: z.number().int().min(0),
  /** When the tick ended. */
  at: z.date(),
  readiness: z.enum(['pending', 'ready', 'failed', 'gone', 'left', 'overtaken']),
  readinessDetail: z.string().optional(),
  /** The revision's percent of traffic at the tick. */
  share: z.number(),
  /** False: the answer may be an older revision's (traffic was still spreading). */
  counts: z.boolean(),
  /** Absent: not probed at this tick. */
  candidate: ProbeOutcomeRecord.optional(),
  edge: ProbeOutcomeRecord.optional(),
  stable: ProbeOutcomeRecord.optional(),
  requests: RequestWindowRecord.optional(),
  stableRequests: RequestWindowRecord.optional(),
});
export type HealthFactRecord = z.infer<typeof HealthFactRecord>;
export function healthOf(runId: RunId): Collection<HealthFactRecord> {
  return { path: `${runs.path}/${runId}/health`, schema: HealthFactRecord };
}

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

/** `awaited/{runId}`: the run of a newer ready revision waits for this one to end. Created once. */
export const awaited: Collection<CancelRecord> = { path: 'awaited', schema: CancelRecord };

/** How the ids of effects begin that are done by hand. */
export const handPrefix = 'manual.';

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
