import { runs } from '../../../shared/contracts/records.ts';
import { sameSplit, specSplit, type TrafficTarget } from '../../../shared/domain/traffic.ts';
import type { SimWorld } from '../sim-world.ts';
import { type Invariant, isByHand, partsOfEffect } from './invariant.ts';
import { movesPercents } from './moves-percents.ts';

/** A human who moves traffic while a run is open has the last word, unless he puts it back as it was. */
export function notOverHuman({ records, cloud, humanEdits, kernel, log }: SimWorld): Invariant {
  /** The traffic on which each run stands: what it opened on, or what it wrote last. */
  const bases = new Map<string, { readonly atMs: number; readonly traffic: readonly TrafficTarget[] }>();
  return {
    promise: 'no automatic write follows a human change of traffic',
    onCommit: ({ ref }) => {
      if (ref.collection.path !== runs.path || bases.has(ref.id)) return undefined;
      if (records.runs.get(ref.id)?.state === 'open')
        bases.set(ref.id, { atMs: kernel.nowMs, traffic: cloud.traffic });
      return undefined;
    },
    onWrite: (write) => {
      if (!movesPercents(write)) return undefined;
      const nowMs = kernel.nowMs;
      if (isByHand(write.effectId)) {
        humanEdits.push({ atMs: nowMs });
        return undefined;
      }
      const { runId } = partsOfEffect(write.effectId);
      const base = bases.get(runId);
      bases.set(runId, { atMs: nowMs, traffic: write.change.traffic });
      const edit = humanEdits.at(-1);
      if (base === undefined || edit === undefined) return undefined;
      const createdMs = records.runs.get(runId)?.candidate.createTime.getTime() ?? 0;
      if (edit.atMs > createdMs && edit.atMs <= base.atMs)
        log.count('edits before a run was opened, overwritten');
      if (edit.atMs <= base.atMs) return undefined;
      const { latestReadyRevision, traffic } = write.before;
      const asBefore = [undefined, latestReadyRevision].some((latest) =>
        sameSplit(specSplit(base.traffic, latest), specSplit(traffic, latest)),
      );
      return asBefore ? undefined : `${write.effectId} overwrites what a human wrote`;
    },
  };
}
