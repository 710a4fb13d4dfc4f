import type { SimWorld } from '../../sim-world.ts';
import { type Invariant, isTagsOnly, isVoid } from '../invariant.ts';

/** A write that took effect is known to have: its effect ends as done, unless the service was changed since. */
export function landedIsDone({ records, cloud }: SimWorld): Invariant {
  const landed = new Map<string, bigint>();
  return {
    promise: 'an effect whose write landed, and is still on the service, ends as done',
    onWrite: (write) => {
      const { effectId } = write;
      if (isTagsOnly(effectId) || effectId.endsWith('.mark-good') || isVoid(write)) return undefined;
      landed.set(effectId, cloud.state().generation);
      return undefined;
    },
    atEnd: () => {
      const { generation } = cloud.state();
      for (const [effectId, written] of landed) {
        const effect = records.effects.get(effectId);
        if (written === generation && effect && effect.state !== 'done')
          return `${effectId} landed and ended ${effect.state}: ${effect.outcome?.text}`;
      }
      return undefined;
    },
  };
}
