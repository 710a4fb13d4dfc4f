import type { RevisionName } from '../../../../shared/domain/ids.ts';
import type { SimWorld } from '../../sim-world.ts';
import { type Invariant, isManual, type LandedWrite, partsOfEffect } from '../invariant.ts';
import { gaining, givesBack } from './gaining.ts';
import { movesPercents } from './moves-percents.ts';

/** What these say of a revision, a probe does not. */
const unprobed: readonly string[] = ['request-errors', 'request-latency', 'regression', 'flapping'];

/** Traffic moves by what is so at the moment of the write, not by what was so when it was decided. */
export function looksAgain({ records, cloud }: SimWorld): Invariant {
  /** Whether it answered well, and badly, between the writer's reading of the service and his write. */
  const answersIn = (name: RevisionName, { process, change, landedMs }: LandedWrite) => {
    const fromMs = process.readAtMs.get(change.etag) ?? landedMs;
    const answers = new Set([cloud.answersAt(name, landedMs)]);
    for (let atMs = fromMs; atMs < landedMs; atMs += 100) answers.add(cloud.answersAt(name, atMs));
    return answers;
  };
  return {
    promise: 'traffic is moved by what revisions answer at the moment of the write',
    onWrite: (write) => {
      const { runId, stage, kind } = partsOfEffect(write.effectId);
      const run = records.runs.get(runId);
      if (!run || isManual(write.effectId) || !movesPercents(write)) return undefined;
      if (givesBack(write, run.candidate.revision)) return undefined;
      const dead = gaining(write).find((name) => !answersIn(name, write).has('good'));
      if (dead !== undefined) return `${kind} gives users to ${dead}, which answers badly all the time`;
      const code = records.decisions.get(`${runId}.${stage}`)?.reasons[0]?.code ?? '';
      if (kind !== 'rollback' || unprobed.includes(code)) return undefined;
      const { revision } = run.candidate;
      // Beside others it is asked by a tag; people may have removed that.
      const { traffic } = write.before;
      const isAlone = traffic.length === 0 || traffic.filter(({ percent }) => percent > 0).length === 1;
      if (!isAlone && !traffic.some((entry) => entry.revision === revision && entry.tag)) return undefined;
      const isRecovered = !answersIn(revision, write).has('bad');
      return isRecovered ? `rollback from ${revision}, which answers well by now` : undefined;
    },
  };
}
