import { sameSplit, specSplit } from '../../../../shared/domain/service-state.ts';
import type { LandedWrite } from '../invariant.ts';

/** True: the write gives users other revisions, not only tags. */
export function movesPercents({ before, change }: LandedWrite): boolean {
  const latest = before.latestReadyRevision;
  return !sameSplit(specSplit(before.traffic, latest), specSplit(change.traffic, latest));
}
