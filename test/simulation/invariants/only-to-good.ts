import { services } from '../../../shared/contracts/records.ts';
import type { SimWorld } from '../sim-world.ts';
import { gaining } from './gaining.ts';
import { type Invariant, partsOfEffect } from './invariant.ts';

/** Traffic goes to revisions that were recorded good and that answered the writer's own probe. */
export function onlyToGood({ records, cloud }: SimWorld): Invariant {
  /** Step by step, who was recorded good, and until when. */
  const removedAt = new Map<string, number>();
  let good = new Set<string>();
  return {
    promise: 'no automatic write gives traffic to a revision that is unverified, gone or seen failing',
    onCommit: ({ ref }) => {
      if (ref.collection.path !== services.path) return undefined;
      const now = new Set((records.service?.lastGood ?? []).map((entry) => entry.revision as string));
      for (const name of now) removedAt.set(name, Number.POSITIVE_INFINITY);
      for (const name of good) if (!now.has(name)) removedAt.set(name, -1);
      good = now;
      return undefined;
    },
    onWrite: (write) => {
      const { kind } = partsOfEffect(write.effectId);
      for (const name of gaining(write)) {
        const revision = cloud.find(name);
        if (!revision?.isReady) return `${name} is not ready, or deleted`;
        const verified = kind === 'rollback' ? removedAt.has(name) : true;
        if (!verified) return `${name} was never recorded good`;
        const probed = write.process.probed.get(name);
        if (cloud.isFailing(name) && probed !== 'good')
          return `${name} fails, and the writer ${probed === undefined ? 'has not probed it' : 'has seen it fail'}`;
      }
      return undefined;
    },
  };
}
