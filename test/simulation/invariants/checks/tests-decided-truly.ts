import { decisions } from '../../../../shared/contracts/records.ts';
import { failsCheck, kindOfCheck } from '../../cloud/check-truth.ts';
import type { SimWorld } from '../../sim-world.ts';
import type { Invariant } from '../invariant.ts';

/** Stage tests passes only with every planned check in, and none of P1 failing. */
export function testsDecidedTruly({ records }: SimWorld): Invariant {
  return {
    promise: 'stage tests passes with every check in, and with none that fails beyond its gate',
    onCommit: ({ ref }) => {
      if (ref.collection.path !== decisions.path || !ref.id.endsWith('.tests')) return undefined;
      const decision = records.decisions.get(ref.id);
      const [runId = ''] = ref.id.split('.');
      if (decision?.verdict !== 'pass') return undefined;
      const candidate = records.runs.get(runId)?.candidate.revision;
      const planned = records.plannedChecks(runId);
      if (planned.length === 0) return `${runId} passed without a check`;
      if (records.shards(runId).size !== planned.length)
        return `${runId} passed before all its shards were in`;
      const wrong = planned
        .flat()
        .find(
          (id) =>
            candidate !== undefined &&
            (failsCheck(id, candidate) || kindOfCheck(id) === 'lost' || kindOfCheck(id) === 'errored'),
        );
      return wrong === undefined
        ? undefined
        : `${runId} passed although ${wrong} cannot pass on ${candidate}`;
    },
  };
}
