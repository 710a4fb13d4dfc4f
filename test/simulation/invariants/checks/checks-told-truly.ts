import type { ShardRecord } from '../../../../shared/contracts/records.ts';
import { failsCheck, kindOfCheck } from '../../cloud/check-truth.ts';
import type { SimWorld } from '../../sim-world.ts';
import type { Invariant } from '../invariant.ts';

/** What is stored of checks is what is true of the candidate, and nothing of it changes. */
export function checksToldTruly({ records }: SimWorld): Invariant {
  return {
    promise: 'a check is recorded once, never passed where it fails, and never a regression where it is none',
    onCommit: ({ ref, kind }, existed) => {
      const runId = /^runs\/([0-9a-f]+)\/shards$/.exec(ref.collection.path)?.[1];
      if (runId === undefined) return undefined;
      if (existed || kind !== 'create') return `shard ${ref.id} of ${runId} was written twice`;
      const shard = records.shards(runId).get(ref.id);
      return shard && whyFalse(runId, shard);
    },
  };

  function whyFalse(runId: string, { i, checks }: ShardRecord): string | undefined {
    const planned = records.plannedChecks(runId)[i] ?? [];
    const candidate = records.runs.get(runId)?.candidate.revision;
    if (candidate === undefined || planned.length !== checks.length)
      return `shard ${i} of ${runId} does not fit its plan`;
    for (const [k, { settlement }] of checks.entries()) {
      const id = planned[k] ?? '';
      const kind = kindOfCheck(id);
      const fails = failsCheck(id, candidate);
      if (fails && (settlement === 'passed' || settlement === 'flaky'))
        return `${id} fails on ${candidate} and is recorded ${settlement}`;
      if ((kind === 'lost' || kind === 'errored') && settlement === 'passed')
        return `${id} cannot pass and is recorded passed`;
      const own = records
        .executions(runId, id)
        .some(
          ({ meant, answeredBy, outcome }) =>
            meant === candidate && answeredBy === candidate && outcome === 'passed',
        );
      if ((settlement === 'passed' || settlement === 'flaky') && !own)
        return `${id} is recorded ${settlement}, and ${candidate} has never passed it`;
      // A deployment that was down while the check ran fails all checks, and may be to blame for that.
      const wasDown = records.sawDown(runId, id);
      const innocent = kind !== 'broken' || !fails;
      if (settlement === 'regression' && innocent && !wasDown)
        return `${id} does not fail on ${candidate} alone and is recorded as its regression`;
    }
    return undefined;
  }
}
