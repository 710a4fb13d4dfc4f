import { z } from 'zod';
import { terminalStatuses } from '../../domain/build.ts';
import { priorities } from '../../domain/checks/priorities.ts';
import { settlements } from '../../domain/checks/settled-check.ts';
import { faults, unknownCauses } from '../../domain/health/probe-outcome.ts';
import { unseenCauses } from '../../domain/health/repeated-checks.ts';
import { unreadableCauses } from '../../domain/health/request-window.ts';
import { effectStates } from '../../domain/records/effect.ts';
import { versionComparisons } from '../../domain/records/group-finding.ts';
import { runOpeners } from '../../domain/records/run.ts';
import { authorities, effectKinds, runStates, stages } from '../../domain/stages.ts';
import { actions, verdicts } from '../../domain/verdict.ts';
import { AuditsOutput } from './audits-output.ts';
import { DiagnosisOutput } from './diagnosis-output.ts';
import {
  AlarmOutput,
  ChangeOutput,
  ControlOutput,
  CountOutput,
  documentHead,
  MsOutput,
  PercentOutput,
  PinOutput,
  ReasonOutput,
  ServiceOutput,
  TimeOutput,
  TrafficOutput,
  WindowOutput,
} from './parts.ts';

/** A run, as lists show it. */
export const RunOutput = z.strictObject({
  id: z.string(),
  service: ServiceOutput,
  revision: z.string(),
  stable: z.string().nullable(),
  attempt: z.int().min(1),
  openedBy: z.enum(runOpeners),
  request: z.strictObject({ actor: z.string(), why: z.string() }).nullable(),
  build: z
    .strictObject({
      id: z.string(),
      name: z.string(),
      status: z.enum(terminalStatuses),
      commit: z.string().nullable(),
      resolvedBy: z.string(),
    })
    .nullable(),
  authority: z.enum(authorities),
  state: z.enum(runStates),
  stage: z.enum(stages),
  verdict: z.enum(verdicts).nullable(),
  reasons: z.array(ReasonOutput),
  action: z.enum(actions),
  outcome: ReasonOutput.nullable(),
  target: z.string().nullable(),
  alert: z.boolean(),
  openedAt: TimeOutput,
  closedAt: TimeOutput.nullable(),
  durationMs: MsOutput.nullable(),
});

const DecisionOutput = z.strictObject({
  stage: z.enum(stages),
  verdict: z.enum(verdicts),
  reasons: z.array(ReasonOutput),
  action: z.enum(actions),
  next: z.enum(stages).nullable(),
  short: z.boolean(),
  alert: z.boolean(),
  startedAt: TimeOutput,
  at: TimeOutput,
  durationMs: MsOutput,
});

const ProbeOutput = z.strictObject({
  kind: z.enum(['good', 'bad', 'unknown']),
  status: z.number().nullable(),
  latencyMs: MsOutput.nullable(),
  fault: z.enum(faults).nullable(),
  cause: z.enum(unknownCauses).nullable(),
  detail: z.string().nullable(),
  warning: z.string().nullable(),
});

const RequestsOutput = z.strictObject({
  kind: z.enum(['counted', 'unreadable']),
  from: TimeOutput,
  to: TimeOutput,
  requests: CountOutput.nullable(),
  serverErrors: CountOutput.nullable(),
  p95Ms: MsOutput.nullable(),
  cause: z.enum(unreadableCauses).nullable(),
  detail: z.string().nullable(),
});

/** One look at the revision. */
const LookOutput = z.strictObject({
  stage: z.enum(stages),
  n: CountOutput,
  at: TimeOutput,
  readiness: z.enum(['pending', 'ready', 'failed', 'gone', 'moved-away', 'overtaken']),
  readinessDetail: z.string().nullable(),
  percent: PercentOutput,
  counts: z.boolean(),
  candidate: ProbeOutput.nullable(),
  edge: ProbeOutput.nullable(),
  stable: ProbeOutput.nullable(),
  requests: RequestsOutput.nullable(),
  stableRequests: RequestsOutput.nullable(),
  checks: z
    .strictObject({
      revision: z.string(),
      passed: CountOutput,
      failed: z.array(z.strictObject({ suite: z.string(), id: z.string(), detail: z.string().nullable() })),
      unseen: z.array(z.strictObject({ cause: z.enum(unseenCauses), checks: CountOutput })),
    })
    .nullable(),
});

const PlannedOutput = z.strictObject({
  checks: CountOutput,
  counted: z.record(z.enum(priorities), CountOutput),
  shards: CountOutput,
  workers: CountOutput,
  problems: z.array(z.string()),
  warnings: z.array(z.string()),
  unreachable: z.string().nullable(),
  percent: PercentOutput,
  stable: z.string().nullable(),
  at: TimeOutput,
});

const FailureOutput = z.strictObject({
  suite: z.string(),
  id: z.string(),
  priority: z.enum(priorities),
  settlement: z.enum(settlements),
  quarantined: z.boolean(),
  warns: z.boolean(),
  detail: z.string().nullable(),
  owner: z.string().nullable(),
  impact: z.strictObject({ text: z.string(), mrrUsd: z.number().nullable() }).nullable(),
  quarantine: z
    .strictObject({ owner: z.string(), until: z.string(), reason: z.string().nullable() })
    .nullable(),
});

const EffectOutput = z.strictObject({
  id: z.string(),
  kind: z.enum(effectKinds),
  stage: z.enum(stages).nullable(),
  state: z.enum(effectStates),
  outcome: ReasonOutput.nullable(),
  createdAt: TimeOutput,
  endedAt: TimeOutput.nullable(),
  durationMs: MsOutput.nullable(),
});

/** @property foundBy the run at whose verdict it was found @property run the service's latest one */
const GroupOutput = z.strictObject({
  name: z.string(),
  sameVersion: z.string(),
  versions: z.enum(versionComparisons),
  members: z.array(
    z.strictObject({
      service: z.string(),
      revision: z.string().nullable(),
      version: z.string().nullable(),
      run: z.string().nullable(),
      open: z.boolean(),
      fits: z.string().nullable(),
      unread: z.string().nullable(),
    }),
  ),
  foundBy: z.string(),
  at: TimeOutput,
});

/** Everything that was recorded about a run. */
export const RunReportOutput = RunOutput.extend({
  undo: z.string().nullable(),
  decisions: z.array(DecisionOutput),
  health: z.array(LookOutput),
  checks: PlannedOutput.nullable(),
  failures: z.array(FailureOutput),
  effects: z.array(EffectOutput),
  trafficChanges: z.array(ChangeOutput),
  diagnosis: DiagnosisOutput.nullable(),
  audits: AuditsOutput.nullable(),
  group: GroupOutput.nullable(),
});

/**
 * What has become of the result of a run.
 * @property own false: the run had ended before the command began @property overtakenBy a newer revision
 */
const EarlierOutput = z.strictObject({
  own: z.boolean(),
  traffic: TrafficOutput.nullable(),
  overtakenBy: z.string().nullable(),
  unread: z.string().nullable(),
});

/** @property earlier null: the result is the command's own, or is shown, and is in force */
const ReviewedOutput = RunReportOutput.extend({ earlier: EarlierOutput.nullable() });

/** `runs`, `GET /api/runs`. */
export const RunsDocument = z.strictObject({
  ...documentHead,
  runs: z.array(RunOutput),
  nextCursor: z.string().nullable(),
});

/** `show`, `GET /api/runs/{id}`. */
export const RunDocument = z.strictObject({
  ...documentHead,
  run: ReviewedOutput,
  now: z.strictObject({
    killSwitch: ControlOutput.nullable(),
    freeze: ControlOutput.nullable(),
    pause: ControlOutput.nullable(),
    abort: ControlOutput.nullable(),
    freezeWindow: WindowOutput.nullable(),
    pin: PinOutput.nullable(),
    alarm: AlarmOutput.nullable(),
  }),
});

/** `guard`, `rerun`. */
export const ValidatedDocument = z.strictObject({
  ...documentHead,
  runs: z.array(ReviewedOutput),
  whyNothing: z.string().nullable(),
});
