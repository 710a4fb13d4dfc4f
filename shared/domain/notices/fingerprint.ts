import type { RunDiagnosis } from '../diagnosis/run-diagnosis.ts';
import { hashOf } from '../ids.ts';
import type { Run } from '../records/run.ts';

const maxLength = 300;

/**
 * Tells the cause of a failure from others of the same service: 20 hex digits over the service, the category and the
 * cause without what differs from run to run. Without a diagnosis that names a cause: by the reason of the verdict.
 */
export function fingerprintOf(
  { serviceKey, candidate, reasons }: Pick<Run, 'serviceKey' | 'candidate' | 'reasons'>,
  diagnosis: Pick<RunDiagnosis, 'result'> | undefined,
): string {
  const result = diagnosis?.result;
  if (!result || result.category === 'unknown')
    return hashOf(serviceKey, 'reason', reasons[0]?.code ?? 'other');
  return hashOf(serviceKey, result.category, normalCause(result.summary, candidate.revision));
}

/** Ids, times, addresses and counts differ from run to run; names of variables, modules and files do not. */
export function normalCause(summary: string, revision: string): string {
  return summary
    .replaceAll(revision, '<revision>')
    .toLowerCase()
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<id>')
    .replace(/\b(?=[0-9a-f]*[0-9])[0-9a-f]{7,64}\b/g, '<id>')
    .replace(/\d{4}-\d\d-\d\d[t ][\d:.]+z?/g, '<time>')
    .replace(/\d+(?:[.,:]\d+)*/g, '<n>')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, maxLength);
}
