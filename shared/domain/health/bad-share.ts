import { countOf } from '../render/count-of.ts';
import type { HealthFact } from './health-fact.ts';

/** The share of bad looks, in percent and in words. */
export function badShareOf(
  bad: readonly HealthFact[],
  all: readonly HealthFact[],
  limitPercent: number,
): { readonly percent: number; readonly text: string } {
  const percent = all.length === 0 ? 0 : (100 * bad.length) / all.length;
  const text = `${bad.length} of ${countOf(all.length, 'probe')} failed (${Math.round(percent)} %, limit ${limitPercent} %)`;
  return { percent, text };
}
