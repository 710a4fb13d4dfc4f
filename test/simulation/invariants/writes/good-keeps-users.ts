import { failsCheck, kindOfCheck } from '../../cloud/check-truth.ts';
import type { SimRevision } from '../../cloud/sim-revision.ts';
import type { SimWorld } from '../../sim-world.ts';
import { type Invariant, isManual, type LandedWrite, partsOfEffect } from '../invariant.ts';
import { movesPercents } from './moves-percents.ts';

/** What is good all the time is not to blame, whatever fails around it. */
export function goodKeepsUsers({ records, cloud, kernel, log }: SimWorld): Invariant {
  const breaksChecks = (runId: string, { name }: SimRevision) =>
    records
      .plannedChecks(runId)
      .flat()
      .some((id) => kindOfCheck(id) === 'broken' && failsCheck(id, name));

  /** Only users noticed an outage, and all of them were on this revision: nobody can tell that from its own failing. */
  const isUnknowable = (runId: string, stage: string, { before }: LandedWrite) => {
    const code = records.decisions.get(`${runId}.${stage}`)?.reasons[0]?.code;
    const sinceMs = (records.runs.get(runId)?.createdAt.getTime() ?? 0) - 60_000;
    const served = before.serving.filter(({ percent }) => percent > 0);
    return (
      (code === 'request-errors' || code === 'request-latency') &&
      served.length === 1 &&
      cloud.outagesIn(sinceMs, kernel.nowMs).some(({ outage }) => outage === 'users')
    );
  };

  return {
    promise: 'a revision that is good all the time is never rolled back',
    onWrite: (write) => {
      const { runId, stage, kind } = partsOfEffect(write.effectId);
      if (isManual(write.effectId) || kind !== 'rollback' || !movesPercents(write)) return undefined;
      const run = records.runs.get(runId);
      const candidate = run && cloud.revisions.find((revision) => revision.is(run.candidate));
      if (candidate?.behaviour.kind !== 'good' || breaksChecks(runId, candidate)) return undefined;
      if (isUnknowable(runId, stage, write)) {
        log.count('blamed for what only users saw');
        return undefined;
      }
      const reasons = records.decisions.get(`${runId}.${stage}`)?.reasons.map(({ code }) => code);
      return `${candidate.name} is good and loses its users: ${reasons?.join(', ')}`;
    },
  };
}
