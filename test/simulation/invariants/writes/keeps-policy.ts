import type { SimWorld } from '../../sim-world.ts';
import { type Invariant, isManual, partsOfEffect } from '../invariant.ts';
import { movesPercents } from './moves-percents.ts';

/** A run rolls back only under a config that lets it. */
export function keepsPolicy({ records }: SimWorld): Invariant {
  return {
    promise: 'nothing is rolled back by a run whose policy says only to tell',
    onWrite: (write) => {
      const { runId, kind } = partsOfEffect(write.effectId);
      const run = records.runs.get(runId);
      if (!run || isManual(write.effectId) || kind !== 'rollback' || !movesPercents(write)) return undefined;
      const config = records.configs.get(run.configDigest)?.config;
      const policy = config?.services.find(({ name }) => name === run.name)?.rollback.policy ?? 'auto';
      return policy === 'auto' ? undefined : `${runId} rolls back, and its policy is ${policy}`;
    },
  };
}
