import { z } from 'zod';
import {
  type Audit,
  type AuditRow,
  auditNames,
  auditStatuses,
  rowStates,
} from '../../domain/audits/audit.ts';
import type { Counted, Incidents } from '../../domain/audits/count-incidents.ts';
import type { Answers, StabilityMeasures } from '../../domain/audits/measure-stability.ts';
import type { RunAudits } from '../../domain/audits/run-audits.ts';
import type { Finding, Scan } from '../../domain/audits/scan.ts';
import type { Collection } from '../document.ts';
import {
  BuildIdSchema,
  RevisionNameSchema,
  RunIdSchema,
  ScanIdSchema,
  ServiceKeySchema,
  ServiceRefSchema,
} from '../id-schemas.ts';
import { OutsideLine } from './outside-text.ts';
import type { FieldsOf } from './shapes.ts';

const count = z.number().int().min(0);
const share = z.number().min(0).max(1);

const AuditRecord = z.object({
  name: z.enum(auditNames),
  status: z.enum(auditStatuses),
  score: share.optional(),
  minimum: share,
  gate: z.boolean(),
  baseline: RevisionNameSchema.optional(),
  rows: z.array(
    z.object({
      what: OutsideLine,
      state: z.enum(rowStates),
      value: OutsideLine.optional(),
      baseline: OutsideLine.optional(),
      score: share.optional(),
      note: OutsideLine.optional(),
    } satisfies FieldsOf<AuditRow>),
  ),
} satisfies FieldsOf<Audit>);

const AnswersRecord = z.object({
  count,
  bad: count,
  p95Ms: z.number().optional(),
} satisfies FieldsOf<Answers>);
const CountedRecord = z.object({ count, atLeast: z.boolean().optional() } satisfies FieldsOf<Counted>);
const StabilityRecord = z.object({
  requests: AnswersRecord.optional(),
  probes: AnswersRecord,
  incidents: z
    .object({
      spanMs: z.number().min(0),
      restarts: CountedRecord.optional(),
      memoryKills: count.optional(),
      errors: CountedRecord.optional(),
    } satisfies FieldsOf<Incidents>)
    .optional(),
} satisfies FieldsOf<StabilityMeasures>);

/**
 * `audits/{runId}`: how a run compares with the last good one. Created with the decision that ends the run, as the work
 * that is to be done; the results are added once, when traffic is safe.
 */
const RunAuditsRecord = z.object({
  runId: RunIdSchema,
  serviceKey: ServiceKeySchema,
  ref: ServiceRefSchema,
  revision: RevisionNameSchema,
  gates: z.array(z.enum(auditNames)),
  createdAt: z.date(),
  dueAt: z.date().optional(),
  madeAt: z.date().optional(),
  results: z.array(AuditRecord).optional(),
  stability: StabilityRecord.optional(),
  scan: z.union([BuildIdSchema, ScanIdSchema]).optional(),
} satisfies FieldsOf<RunAudits>);

export type { RunAudits as AuditsRecord } from '../../domain/audits/run-audits.ts';
export const audits: Collection<RunAudits> = { path: 'audits', schema: RunAuditsRecord };

/** `scans/{buildId}`, or `scans/{scanId}` for a guard without a build: findings of static analysis. Never changed. */
const ScanRecord = z.object({
  tools: z.array(OutsideLine),
  findings: z.array(
    z.object({ key: z.string(), rule: OutsideLine, file: OutsideLine } satisfies FieldsOf<Finding>),
  ),
  files: count.optional(),
} satisfies FieldsOf<Scan>);
export const scans: Collection<Scan> = { path: 'scans', schema: ScanRecord };
