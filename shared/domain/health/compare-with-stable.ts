import type { HealthFact } from './health-fact.ts';
import { isShortSlowness } from './short-slowness.ts';

/** The state of the stable revision while the candidate failed. */
export type Comparison =
  | { readonly kind: 'stable-good' }
  | { readonly kind: 'stable-bad'; readonly detail: string }
  | { readonly kind: 'stable-unreachable'; readonly detail: string }
  /** It responds, but its earlier state is unknown. */
  | { readonly kind: 'no-baseline' }
  | { readonly kind: 'not-compared' };

/**
 * Compares the candidate with stable at the same look, and at as many looks as make a failure: a dependency that
 * recovers between the two probes of one look would clear stable alone.
 *
 * @param bad the looks at which the candidate was bad
 * @returns undefined: stable was good at some looks and bad at others, or may be just starting, so look again
 */
export function compareWithStable(
  bad: readonly HealthFact[],
  failureThreshold: number,
): Comparison | undefined {
  const latest = bad.slice(-failureThreshold);
  if (latest.every(({ stable }) => stable === undefined)) return { kind: 'not-compared' };
  if (latest.every(({ stable }) => stable?.kind === 'good')) return { kind: 'stable-good' };
  const last = latest.at(-1)?.stable;
  const failing = bad.filter(({ stable }) => stable !== undefined && stable.kind !== 'good');
  if (last === undefined || last.kind === 'good' || failing.length < failureThreshold) return undefined;
  if (isShortSlowness(failing, 'stable')) return undefined;
  const fault = failing.findLast(({ stable }) => stable?.kind === 'bad')?.stable;
  return fault?.kind === 'bad'
    ? { kind: 'stable-bad', detail: fault.detail }
    : { kind: 'stable-unreachable', detail: last.detail };
}
