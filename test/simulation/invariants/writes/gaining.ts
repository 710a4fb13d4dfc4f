import type { RevisionName } from '../../../../shared/domain/ids.ts';
import { specSplit } from '../../../../shared/domain/service-state.ts';
import { type LandedWrite, partsOfEffect } from '../invariant.ts';

/** The revisions that have more traffic after the write than before. */
export function gaining({ before, change }: LandedWrite): RevisionName[] {
  const latest = before.latestReadyRevision;
  const had = specSplit(before.traffic, latest);
  const after = specSplit(change.traffic, latest);
  return Object.keys(after).filter((name) => (after[name] ?? 0) > (had[name] ?? 0)) as RevisionName[];
}

/** True: a canary gives back what it has taken, to those who had it. */
export function givesBack(write: LandedWrite, candidate: RevisionName | undefined): boolean {
  const { kind } = partsOfEffect(write.effectId);
  return (
    kind === 'abort' || (kind === 'step' && candidate !== undefined && !gaining(write).includes(candidate))
  );
}
