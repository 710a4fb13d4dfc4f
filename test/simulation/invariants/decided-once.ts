import { decisions } from '../../../shared/contracts/records.ts';
import { stages } from '../../../shared/domain/stages.ts';
import type { SimWorld } from '../sim-world.ts';
import type { Invariant } from './invariant.ts';

/** A decision stands: one for each stage, never changed, and its run says the same. */
export function decidedOnce({ records }: SimWorld): Invariant {
  return {
    promise: 'each stage is decided once',
    onCommit: ({ ref, kind }, existed) => {
      if (ref.collection.path !== decisions.path || (kind === 'create' && !existed)) return undefined;
      return `decision ${ref.id} was changed`;
    },
    atEnd: () => {
      for (const [id, { runId, stage }] of records.decisions)
        if (id !== `${runId}.${stage}`) return `${id} is one more decision of ${stage}`;
      for (const [runId, run] of records.runs) {
        const judged = stages
          .map((stage) => records.decisions.get(`${runId}.${stage}`)?.verdict)
          .find((verdict) => verdict !== undefined && verdict !== 'pass');
        // What answers well again at the moment of its rollback is not to blame any more.
        if (run.outcome?.code === 'recovered' && run.verdict === 'inconclusive') continue;
        if (run.state === 'closed' && judged !== undefined && run.verdict !== judged)
          return `run ${runId} says ${run.verdict}, its decisions ${judged}`;
      }
      return undefined;
    },
  };
}
