import { decisions } from '../../../shared/contracts/records.ts';
import type { SimWorld } from '../sim-world.ts';
import type { Invariant } from './invariant.ts';

/** A deploy is blamed for its checks only by a stored regression, which both revisions have answered for. */
export function failureIsProven({ records }: SimWorld): Invariant {
  return {
    promise: 'checks fail a deploy only by what the candidate itself fails and stable itself passes',
    onCommit: ({ ref }) => {
      if (ref.collection.path !== decisions.path || !ref.id.endsWith('.tests')) return undefined;
      const decision = records.decisions.get(ref.id);
      if (decision?.verdict !== 'fail' || decision.reasons[0]?.code !== 'regression') return undefined;
      const [runId = ''] = ref.id.split('.');
      const candidate = records.runs.get(runId)?.candidate.revision;
      const planned = records.plannedChecks(runId);
      const regressions = [...records.shards(runId).values()].flatMap(({ i, checks }) =>
        checks.flatMap(({ settlement }, k) => (settlement === 'regression' ? (planned[i]?.[k] ?? []) : [])),
      );
      if (regressions.length === 0) return `${runId} failed without a regression that is stored`;
      const unproven = regressions.find((id) => {
        const all = records.executions(runId, id);
        const own = all.filter(
          ({ meant, answeredBy, outcome }) =>
            meant === candidate && answeredBy === candidate && outcome === 'failed',
        );
        const stable = all.some(
          ({ meant, answeredBy, outcome }) =>
            meant !== candidate && answeredBy === meant && outcome === 'passed',
        );
        return own.length < 2 || !stable;
      });
      return unproven && `${runId} failed by ${unproven}, which the two revisions did not answer for`;
    },
  };
}
