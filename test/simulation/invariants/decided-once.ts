import { decisions } from '../../../shared/contracts/records.ts';
import type { SimWorld } from '../sim-world.ts';
import type { Invariant } from './invariant.ts';

/** A decision stands: one for each stage, never changed, and its run says the same. */
export function decidedOnce({ records }: SimWorld): Invariant {
  return {
    promise: 'each stage is decided once',
    onCommit: ({ ref, kind }, existed) => {
      if (ref.collection.path === decisions.path && (kind !== 'create' || existed))
        return `decision ${ref.id} was changed`;
      return undefined;
    },
    atEnd: () => {
      for (const [runId, run] of records.runs) {
        const own = [...records.decisions].filter(([, decision]) => decision.runId === runId);
        const strange = own.find(([id, { stage }]) => id !== `${runId}.${stage}`);
        if (strange) return `${strange[0]} is a second decision of its stage`;
        const judged = own.find(([, { verdict }]) => verdict !== 'pass') ?? own[0];
        if (judged && run.state === 'closed' && run.verdict !== judged[1].verdict)
          return `run ${runId} says ${run.verdict}, its decisions ${judged[1].verdict}`;
      }
      return undefined;
    },
  };
}
