import type { RevisionName } from '../../../../shared/domain/ids.ts';
import { shareIn } from '../../../../shared/domain/service-state.ts';
import type { SimRevision } from '../../cloud/sim-revision.ts';
import type { SimWorld } from '../../sim-world.ts';
import { type Invariant, isManual, type LandedWrite, partsOfEffect } from '../invariant.ts';
import { gaining } from './gaining.ts';
import { movesPercents } from './moves-percents.ts';

/** A newer deploy has overtaken the run: what it decided is history. */
export function notOverNewer({ records, cloud }: SimWorld): Invariant {
  const newerThan = (candidate: RevisionName): SimRevision[] => {
    const position = cloud.revisions.findIndex((revision) => revision.name === candidate);
    return cloud.revisions.slice(0, Math.max(0, position)).filter((revision) => revision.isReady);
  };
  const overtaking = (newer: readonly SimRevision[], write: LandedWrite, candidate: RevisionName) => {
    const { before, change, process } = write;
    const readMs = process.readAtMs.get(change.etag) ?? 0;
    const byLatest =
      before.traffic.length === 0 ||
      before.traffic.some((target) => target.revision === undefined && target.percent > 0);
    const givesMore = gaining(write).includes(candidate);
    const isTagged = ({ name }: SimRevision) =>
      before.traffic.some(({ revision, tag }) => revision === name && tag && !tag.startsWith('deploy-loop-'));
    return newer.find(
      (revision) =>
        shareIn(before, revision.name) > 0 ||
        ((byLatest || (givesMore && !isTagged(revision))) && (revision.readyMs ?? 0) < readMs),
    );
  };
  return {
    promise: 'no run moves traffic once a newer revision has taken over, or promotes once one is ready',
    onWrite: (write) => {
      if (!movesPercents(write) || isManual(write.effectId)) return undefined;
      const { runId, kind } = partsOfEffect(write.effectId);
      const candidate = records.runs.get(runId)?.candidate.revision;
      if (candidate === undefined) return `${write.effectId} moves traffic and has no run`;
      const over = overtaking(newerThan(candidate), write, candidate);
      return over && `${kind} of ${candidate} although ${over.name} is newer and ready`;
    },
  };
}
