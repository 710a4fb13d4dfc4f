import { runs } from '../../../../shared/contracts/records.ts';
import { sameSplit, specSplit, type TrafficTarget } from '../../../../shared/domain/service-state.ts';
import type { SimWorld } from '../../sim-world.ts';
import { type Invariant, isManual, partsOfEffect } from '../invariant.ts';
import { movesPercents } from './moves-percents.ts';

type Traffic = readonly TrafficTarget[];

/** A human who moves traffic while a run is open has the last word, unless he puts it back as it was. */
export function notOverHuman({ records, cloud, humanEdits, kernel, log }: SimWorld): Invariant {
  /** The traffic on which each run stands: what it saw and what there was when it opened, or what it wrote last. */
  const bases = new Map<string, { readonly atMs: number; readonly traffics: readonly Traffic[] }>();
  return {
    promise: 'no automatic write follows a human change of traffic',
    onCommit: ({ ref }) => {
      if (ref.collection.path !== runs.path || bases.has(ref.id)) return undefined;
      const run = records.runs.get(ref.id);
      if (run?.state === 'open' && run.ref.service === cloud.ref.service)
        bases.set(ref.id, { atMs: kernel.nowMs, traffics: [cloud.traffic, run.expectedTraffic ?? []] });
      return undefined;
    },
    onWrite: (write) => {
      if (!movesPercents(write)) return undefined;
      const nowMs = kernel.nowMs;
      if (isManual(write.effectId)) {
        humanEdits.push({ atMs: nowMs });
        return undefined;
      }
      const { runId } = partsOfEffect(write.effectId);
      const base = bases.get(runId);
      bases.set(runId, { atMs: nowMs, traffics: [write.change.traffic] });
      const edit = humanEdits.at(-1);
      if (base === undefined || edit === undefined) return undefined;
      const createdMs = records.runs.get(runId)?.candidate.createTime.getTime() ?? 0;
      if (edit.atMs > createdMs && edit.atMs <= base.atMs)
        log.count('edits before a run was opened, overwritten');
      if (edit.atMs <= base.atMs) return undefined;
      const { latestReadyRevision, traffic } = write.before;
      const asBefore = base.traffics.some((known) =>
        [undefined, latestReadyRevision].some((latest) =>
          sameSplit(specSplit(known, latest), specSplit(traffic, latest)),
        ),
      );
      return asBefore ? undefined : `${write.effectId} overwrites what a human wrote`;
    },
  };
}
