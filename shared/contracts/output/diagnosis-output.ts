import { z } from 'zod';
import { suggestedActions } from '../../domain/diagnosis/categories.ts';
import { evidenceSources } from '../../domain/diagnosis/evidence.ts';
import { documentHead, TimeOutput } from './parts.ts';

const Confidence = z.number().min(0).max(1);

/** Why a revision failed. @property category coarse before the slash, fine after it; new ones may come */
export const DiagnosisOutput = z.strictObject({
  category: z.string(),
  confidence: Confidence,
  summary: z.string(),
  whys: z.array(z.strictObject({ question: z.string(), answer: z.string(), evidence: z.array(z.string()) })),
  alternatives: z.array(
    z.strictObject({ category: z.string(), confidence: Confidence, summary: z.string() }),
  ),
  missing: z.array(z.string()),
  suggestedAction: z.enum(suggestedActions),
  remediation: z.strictObject({ now: z.string(), next: z.string(), later: z.string() }),
  evidence: z.array(
    z.strictObject({
      ref: z.string(),
      source: z.enum(evidenceSources),
      text: z.string(),
      at: TimeOutput.nullable(),
    }),
  ),
});

/** `diagnose`. */
export const DiagnosedDocument = z.strictObject({ ...documentHead, ...DiagnosisOutput.shape });
