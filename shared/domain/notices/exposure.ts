import type { Run } from '../records/run.ts';
import type { TrafficSplit } from '../service-state.ts';

/**
 * Whether users get the judged revision: `now`, `before` (not any more), `never`, or it is `unknown`. `unrestored`: not any
 * more, but the revision that they get instead fails, too.
 */
export const exposures = ['now', 'unrestored', 'before', 'never', 'unknown'] as const;
export type Exposure = (typeof exposures)[number];

type Judged = Pick<Run, 'candidate' | 'reasons' | 'outcome' | 'baseline'>;

/** @param now the current traffic; undefined: it was not read, so that only what the run has recorded counts */
export function exposureOf({ candidate, reasons, outcome, baseline }: Judged, now?: TrafficSplit): Exposure {
  if (now && (now[candidate.revision] ?? 0) > 0) return 'now';
  const codes = [...reasons, ...(outcome ? [outcome] : [])].map(({ code }) => code);
  if (codes.includes('unrestored')) return 'unrestored';
  // With a baseline the guard had given it a share.
  if (codes.includes('no-traffic') && baseline === undefined) return 'never';
  return now || codes.includes('restored') || codes.includes('aborted') ? 'before' : 'unknown';
}
