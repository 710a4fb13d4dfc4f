import type { SimWorld } from '../../sim-world.ts';
import type { Invariant } from '../invariant.ts';

/** Within a poll's second, and the steps that others take before the poll is answered. */
const most = 8;

/** Once stage tests is decided, its workers begin nothing more. */
export function checksStop({ records }: SimWorld): Invariant {
  const late = new Map<object, number>();
  return {
    promise: 'a worker begins no check once its stage is decided, but for those before it can know',
    onCheck: ({ runId, id, process, inShard }) => {
      if (!inShard || process.wasAway || !records.decisions.has(`${runId}.tests`)) return undefined;
      const n = (late.get(process) ?? 0) + 1;
      late.set(process, n);
      return n > most
        ? `${process.name} executes ${id} of ${runId}, the ${n}th after its decision`
        : undefined;
    },
  };
}
