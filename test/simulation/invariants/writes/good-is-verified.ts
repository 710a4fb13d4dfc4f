import { services } from '../../../../shared/contracts/records.ts';
import type { SimWorld } from '../../sim-world.ts';
import type { Invariant } from '../invariant.ts';

/** What is recorded good was watched, and was seen to be good. */
export function goodIsVerified({ records, cloud }: SimWorld): Invariant {
  const known = new Set<string>(records.serviceOf(cloud.ref)?.lastGood.map(({ runId }) => runId));
  return {
    promise: 'only what was good over its watch is recorded good',
    onCommit: ({ ref }) => {
      if (ref.collection.path !== services.path) return undefined;
      for (const good of records.serviceOf(cloud.ref)?.lastGood ?? []) {
        const { revision, runId } = good;
        if (known.has(runId)) continue;
        known.add(runId);
        const watch = records.decisions.get(`${runId}.watch`);
        if (watch?.verdict !== 'pass' || watch.action !== 'mark-good')
          return `${revision} is recorded good, and its watch ended ${watch?.verdict ?? 'not yet'}`;
        const truth = cloud.revisions.find((known) => known.is(good));
        if (truth?.behaviour.kind === 'bad') return `${revision} is recorded good and was never good`;
      }
      return undefined;
    },
  };
}
