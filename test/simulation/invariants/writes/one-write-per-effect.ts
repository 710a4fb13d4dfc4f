import { type Invariant, isVoid } from '../invariant.ts';

/** However often its message comes and its answer is lost, an effect is made once. */
export function oneWritePerEffect(): Invariant {
  const written = new Set<string>();
  return {
    promise: 'at most one write for each effect takes effect',
    onWrite: (write) => {
      const { effectId } = write;
      if (isVoid(write)) return undefined;
      if (written.has(effectId)) return `${effectId} has written before`;
      written.add(effectId);
      return undefined;
    },
  };
}
