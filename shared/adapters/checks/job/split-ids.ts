import type { CheckResult } from '../../../domain/checks/check-result.ts';
import { partsOf } from '../../../domain/parts-of.ts';

/** What one start of a job can be given: its document and that of its results stay below 1 MiB. */
const maxIds = 500;
const maxBytes = 300_000;
/** The longest single word that Linux takes is a little longer. */
const maxIdBytes = 100_000;

/** The ids that a job can be given, in as few parts as fit, and why the others cannot. */
export function splitIds(ids: readonly string[]): {
  readonly parts: readonly (readonly string[])[];
  readonly unfit: readonly CheckResult[];
} {
  const fit: string[] = [];
  const unfit: CheckResult[] = [];
  for (const id of ids) {
    const why = whyUnfit(id);
    if (why === undefined) fit.push(id);
    else unfit.push({ id, outcome: 'errored', durationMs: 0, detail: why });
  }
  return { parts: partsOf(fit, (id) => `${id}\n`, { bytes: maxBytes, items: maxIds }), unfit };
}

function whyUnfit(id: string): string | undefined {
  if (id === '') return 'its id is empty';
  if (/[\r\n\0]/.test(id)) return 'its id has line breaks, and a job gets one id per line';
  return Buffer.byteLength(id) > maxIdBytes ? 'its id is too long for a job' : undefined;
}
