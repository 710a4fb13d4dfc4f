import type { SimWorld } from '../../sim-world.ts';
import { type Invariant, isTagsOnly } from '../invariant.ts';

/** Whoever still holds an old view of an effect that has ended writes nothing for it. */
export function noWriteAfterEnd({ records }: SimWorld): Invariant {
  return {
    promise: 'no write lands for an effect that has ended',
    onWrite: ({ effectId }) => {
      const effect = records.effects.get(effectId);
      if (isTagsOnly(effectId) || effect === undefined || effect.state === 'open') return undefined;
      return `${effectId} had ended ${effect.state}: ${effect.outcome?.text}`;
    },
  };
}
