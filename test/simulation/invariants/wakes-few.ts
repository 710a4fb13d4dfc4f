import type { SimWorld } from '../sim-world.ts';
import type { Invariant } from './invariant.ts';

/** One deploy's stage in all its attempts: workers, their turns, each sweep, each burst, each fault. */
const mostPerRun = 400;

/** Waking workers wakes no more workers. */
export function wakesFew({ bus, records }: SimWorld): Invariant {
  return {
    promise: 'the messages of a run are few, whatever happens',
    atEnd: () => {
      for (const hop of ['execute-shard', 'dispatch-shards', 'decide-stage', 'check-health'] as const) {
        const n = bus.published.get(hop) ?? 0;
        const limit = mostPerRun * Math.max(1, records.runs.size);
        if (n > limit) return `${n} messages of ${hop} for ${records.runs.size} runs`;
      }
      return undefined;
    },
  };
}
