import { z } from 'zod';
import { preventableKinds } from '../../domain/commit/preventable.ts';
import { type Category, categories, suggestedActions } from '../../domain/diagnosis/categories.ts';
import type { Alternative, Diagnosis } from '../../domain/diagnosis/diagnose-incident.ts';
import { evidenceSources } from '../../domain/diagnosis/evidence.ts';
import type { RunDiagnosis } from '../../domain/diagnosis/run-diagnosis.ts';
import type { Why } from '../../domain/diagnosis/whys-of.ts';
import type { Collection } from '../document.ts';
import { RevisionNameSchema, RunIdSchema, ServiceKeySchema, ServiceRefSchema } from '../id-schemas.ts';
import { OutsideText } from './outside-text.ts';
import type { FieldsOf } from './shapes.ts';

const categoryNames = Object.keys(categories) as [Category, ...Category[]];
/** A category of a newer version reads as unknown. */
const CategoryName = z.enum(categoryNames).catch('unknown');
const confidence = z.number().min(0).max(1);

const DiagnosisResult = z.object({
  category: CategoryName,
  confidence,
  summary: OutsideText,
  whys: z.array(
    z.object({
      question: z.string(),
      answer: OutsideText,
      evidence: z.array(z.string()),
    } satisfies FieldsOf<Why>),
  ),
  alternatives: z.array(
    z.object({ category: CategoryName, confidence, summary: OutsideText } satisfies FieldsOf<Alternative>),
  ),
  missing: z.array(OutsideText),
  suggestedAction: z.enum(suggestedActions).catch('none'),
  remediation: z.object({ now: z.string(), next: z.string(), later: z.string() }),
} satisfies FieldsOf<Diagnosis>);

/**
 * `diagnoses/{runId}`: why a run failed. Created with the decision that the run failed, as the work that is to be done;
 * the result is added once, when traffic is safe.
 */
const DiagnosisRecord = z.object({
  runId: RunIdSchema,
  serviceKey: ServiceKeySchema,
  ref: ServiceRefSchema,
  revision: RevisionNameSchema,
  createdAt: z.date(),
  dueAt: z.date().optional(),
  madeAt: z.date().optional(),
  result: DiagnosisResult.optional(),
  evidence: z
    .array(
      z.object({
        ref: z.string(),
        source: z.enum(evidenceSources).catch('unstated'),
        text: OutsideText,
        at: z.date().optional(),
      }),
    )
    .optional(),
  preventable: z.object({ kind: z.enum(preventableKinds), paths: z.array(z.string()) }).optional(),
} satisfies FieldsOf<RunDiagnosis>);

export type { RunDiagnosis as DiagnosisRecord } from '../../domain/diagnosis/run-diagnosis.ts';
export const diagnoses: Collection<RunDiagnosis> = { path: 'diagnoses', schema: DiagnosisRecord };
