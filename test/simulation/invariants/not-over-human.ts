import { runs } from '../../../shared/contracts/records.ts';
import { sameSplit, specSplit, type TrafficTarget } from '../../../shared/domain/traffic.ts';
import type { SimWorld } from '../sim-world.ts';
import { type Invariant, partsOfEffect } from './invariant.ts';
import { movesPercents } from './moves-percents.ts';

/** A human who moves traffic while a run is open has the last word, unless he puts it back as it was. */
export function notOverHuman({ records, cloud, humanEdits, kernel }: SimWorld): Invariant {
  const opened = new Map<string, { readonly atMs: number; readonly traffic: readonly TrafficTarget[] }>();
  return {
    promise: 'no automatic write follows a human change of traffic',
    onCommit: ({ ref }) => {
      if (ref.collection.path !== runs.path || opened.has(ref.id)) return undefined;
      if (records.runs.get(ref.id)?.state === 'open')
        opened.set(ref.id, { atMs: kernel.nowMs, traffic: cloud.traffic });
      return undefined;
    },
    onWrite: (write) => {
      const { runId, kind } = partsOfEffect(write.effectId);
      const run = opened.get(runId);
      if (!movesPercents(write) || kind !== 'rollback' || !run) return undefined;
      const edit = humanEdits.findLast(({ atMs }) => atMs > run.atMs);
      if (edit === undefined) return undefined;
      const { latestReadyRevision, traffic } = write.before;
      const asOpened = [undefined, latestReadyRevision].some((latest) =>
        sameSplit(specSplit(run.traffic, latest), specSplit(traffic, latest)),
      );
      return asOpened ? undefined : `${write.effectId} overwrites what a human wrote at ${edit.atMs}`;
    },
  };
}
