import type { SimWorld } from '../sim-world.ts';
import type { Invariant } from './invariant.ts';

/** Nothing is stuck for ever: a sweep each minute finds whatever was left. */
export function everythingEnds({ records }: SimWorld): Invariant {
  return {
    promise: 'every run is closed and every effect has ended at last',
    atEnd: () => {
      const run = [...records.runs].find(([, { state }]) => state !== 'closed');
      if (run)
        return `run ${run[0]} of ${run[1].candidate.revision} is still ${run[1].state} in ${run[1].stage}`;
      const effect = [...records.effects].find(([, { state }]) => state === 'open');
      return effect && `effect ${effect[0]} is still open`;
    },
  };
}
