import type { CheckResult } from '../../../domain/checks/check-result.ts';
import { partsOf } from '../../../domain/parts-of.ts';
import { whyNoWord } from '../command/expand-command.ts';

/** The limit of one start of a job: its document and the one of its results stay below 1 MiB. */
const maxIds = 500;
const maxBytes = 300_000;
/** The longest single word that Linux accepts is a little longer. */
const maxIdBytes = 100_000;

/**
 * Splits the ids that a job can take into as few parts as possible, and explains why it cannot take the others.
 * @param command the suite's, with placeholders
 */
export function splitIds(
  ids: readonly string[],
  command: string,
): {
  readonly parts: readonly (readonly string[])[];
  readonly unfit: readonly CheckResult[];
} {
  const fit: string[] = [];
  const unfit: CheckResult[] = [];
  for (const id of ids) {
    const why = whyUnfit(id) ?? whyNoWord(id, command);
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
