import { runs } from '../../../../shared/contracts/records.ts';
import type { RevisionName } from '../../../../shared/domain/ids.ts';
import { sameSplit, specSplit, type TrafficTarget } from '../../../../shared/domain/service-state.ts';
import type { SimWorld } from '../../sim-world.ts';
import { type Invariant, isManual, partsOfEffect } from '../invariant.ts';
import { movesPercents } from './moves-percents.ts';

type Traffic = readonly TrafficTarget[];

interface Base {
  readonly atMs: number;
  readonly traffics: readonly Traffic[];
  /** What LATEST meant. */
  readonly latest: RevisionName | undefined;
}

/** A human who moves traffic while a run is open has the last word, unless he puts it back as it was. */
export function notOverHuman({ records, cloud, humanEdits, kernel, log }: SimWorld): Invariant {
  /** The traffic on which each run stands: what it saw and what there was when it opened, or what it wrote last. */
  const bases = new Map<string, Base>();
  return {
    promise: 'no automatic write follows a human change of traffic',
    onCommit: ({ ref }) => {
      if (ref.collection.path !== runs.path || bases.has(ref.id)) return undefined;
      const run = records.runs.get(ref.id);
      if (run?.state === 'open' && run.ref.service === cloud.ref.service)
        bases.set(ref.id, {
          atMs: kernel.nowMs,
          traffics: [cloud.traffic, run.expectedTraffic ?? []],
          latest: run.expectedLatest,
        });
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
      const latest = records.runs.get(runId)?.candidate.revision;
      bases.set(runId, { atMs: nowMs, traffics: [write.change.traffic], latest });
      const edit = humanEdits.at(-1);
      if (base === undefined || edit === undefined) return undefined;
      const createdMs = records.runs.get(runId)?.candidate.createTime.getTime() ?? 0;
      if (edit.atMs > createdMs && edit.atMs <= base.atMs)
        log.count('edits before a run was opened, overwritten');
      if (edit.atMs <= base.atMs) return undefined;
      const { latestReadyRevision, traffic } = write.before;
      const asBefore = base.traffics.some((known) =>
        [undefined, latestReadyRevision, base.latest].some((latest) =>
          sameSplit(specSplit(known, latest), specSplit(traffic, latestReadyRevision)),
        ),
      );
      // What the guard itself wanted to write, and a human wrote in its place, is as good as written.
      const wanted = [...records.intents.values()].some(
        (intent) =>
          intent.runId === runId &&
          sameSplit(specSplit(intent.after, latestReadyRevision), specSplit(traffic, latestReadyRevision)),
      );
      return asBefore || wanted ? undefined : `${write.effectId} overwrites what a human wrote`;
    },
  };
}
