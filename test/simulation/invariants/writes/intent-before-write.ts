import { sameTraffic } from '../../../../shared/domain/traffic/plan-traffic.ts';
import type { SimWorld } from '../../sim-world.ts';
import { type Invariant, isVoid } from '../invariant.ts';

/** The audit trail is complete, whatever happened to the writer. */
export function intentBeforeWrite({ records }: SimWorld): Invariant {
  return {
    promise: 'an intent with the same traffic is stored before each write',
    onWrite: ({ effectId, change }) => {
      if (isVoid({ change })) return undefined;
      const intents = [...records.intents.values()].filter((intent) => intent.effectId === effectId);
      if (intents.length === 0) return `${effectId} wrote without an intent`;
      const matching = intents.some((intent) => sameTraffic(intent.after, change.traffic));
      return matching ? undefined : `no intent of ${effectId} has the traffic that was written`;
    },
  };
}
