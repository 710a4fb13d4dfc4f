import type { z } from 'zod';
import type { DiagnosedDocument, DiagnosisOutput } from '../contracts/output/diagnosis-output.ts';
import type { Diagnosis } from '../domain/diagnosis/diagnose-incident.ts';
import type { Evidence } from '../domain/diagnosis/evidence.ts';
import { documentOf, timeOrNull } from './values.ts';

type Told = Pick<Evidence, 'ref' | 'source' | 'text' | 'at'>;

/** `diagnose`. */
export function diagnosedDocument(
  result: Diagnosis,
  evidence: readonly Told[],
): z.infer<typeof DiagnosedDocument> {
  return documentOf(diagnosisOutput(result, evidence));
}

export function diagnosisOutput(
  { whys, alternatives, missing, remediation, ...rest }: Diagnosis,
  evidence: readonly Told[],
): z.infer<typeof DiagnosisOutput> {
  return {
    ...rest,
    whys: whys.map((why) => ({ ...why, evidence: [...why.evidence] })),
    alternatives: [...alternatives],
    missing: [...missing],
    remediation: { ...remediation },
    evidence: evidence.map(({ ref, source, text, at }) => ({ ref, source, text, at: timeOrNull(at) })),
  };
}
