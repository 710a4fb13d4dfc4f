import { z } from 'zod';
import { faults, unknownCauses } from '../../domain/health/probe-outcome.ts';
import {
  type FailedCheck,
  type RepeatedChecks,
  type UnseenChecks,
  unseenCauses,
} from '../../domain/health/repeated-checks.ts';
import { unreadableCauses } from '../../domain/health/request-window.ts';
import type { RunId } from '../../domain/ids.ts';
import { stages } from '../../domain/stages.ts';
import type { Collection } from '../document.ts';
import { RevisionNameSchema } from '../id-schemas.ts';
import { OutsideLine, OutsideText } from './outside-text.ts';
import { runs } from './run-records.ts';
import type { FieldsOf } from './shapes.ts';

const ProbeOutcomeRecord = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('good'),
    status: z.number(),
    latencyMs: z.number(),
    warning: OutsideLine.optional(),
  }),
  z.object({
    kind: z.literal('bad'),
    fault: z.enum(faults),
    status: z.number().optional(),
    latencyMs: z.number(),
    detail: OutsideLine,
    ofBuild: z.boolean().optional(),
    retryAfterMs: z.number().optional(),
  }),
  z.object({ kind: z.literal('unknown'), cause: z.enum(unknownCauses), detail: OutsideLine }),
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
    detail: OutsideLine,
  }),
]);

const RepeatedChecksRecord: z.ZodType<RepeatedChecks> = z.object({
  revision: RevisionNameSchema,
  passed: z.number().int().min(0),
  failed: z.array(
    z.object({
      suite: z.string(),
      id: z.string(),
      detail: OutsideText.optional(),
    } satisfies FieldsOf<FailedCheck>),
  ),
  unseen: z.array(
    z.object({
      cause: z.enum(unseenCauses),
      checks: z.number().int().min(1),
    } satisfies FieldsOf<UnseenChecks>),
  ),
} satisfies FieldsOf<RepeatedChecks>);

/** `runs/{runId}/health/{stage}.{n}`: the observations of tick n. Created once, never changed. */
const HealthFactRecord = z.object({
  stage: z.enum(stages),
  n: z.number().int().min(0),
  /** When the tick ended. */
  at: z.date(),
  /** `moved-away` was stored as `left`. */
  readiness: z.preprocess(
    (stored) => (stored === 'left' ? 'moved-away' : stored),
    z.enum(['pending', 'ready', 'failed', 'gone', 'moved-away', 'overtaken']),
  ),
  readinessDetail: OutsideLine.optional(),
  /** The revision's share of the traffic at the tick, in percent. */
  share: z.number(),
  /** False: the response may be an older revision's (traffic was still propagating). */
  counts: z.boolean(),
  /** Absent: not probed at this tick. */
  candidate: ProbeOutcomeRecord.optional(),
  edge: ProbeOutcomeRecord.optional(),
  stable: ProbeOutcomeRecord.optional(),
  requests: RequestWindowRecord.optional(),
  stableRequests: RequestWindowRecord.optional(),
  /** Absent: they were not run again at this tick. */
  checks: RepeatedChecksRecord.optional(),
});
export type HealthFactRecord = z.infer<typeof HealthFactRecord>;
export function healthOf(runId: RunId): Collection<HealthFactRecord> {
  return { path: `${runs.path}/${runId}/health`, schema: HealthFactRecord };
}
