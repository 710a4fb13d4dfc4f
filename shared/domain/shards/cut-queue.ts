import type { Atom } from './shard-plan.ts';

export interface QueueShape {
  readonly workers: number;
  /** A shard takes what is left divided by this many times the workers. */
  readonly divisor: number;
  /** No shard is meant to be shorter, but the last. */
  readonly leastMs: number;
  /** No shard is longer, unless one check is. */
  readonly mostMs: number;
  /** Added to each check: what it may take above what is expected. */
  readonly marginMs: number;
}

/**
 * Guided sizes: large shards first, and ever smaller ones to fill the gaps at the end. What nobody knows comes first,
 * then the longest: whatever goes wrong with them, there is still something to do meanwhile.
 */
export function cutQueue(atoms: readonly Atom[], shape: QueueShape): readonly (readonly Atom[])[] {
  const weigh = (atom: Atom) => atom.expectedMs + shape.marginMs * atom.ids.length;
  const ordered = atoms.toSorted(
    (a, b) => Number(b.isUnknown) - Number(a.isUnknown) || b.expectedMs - a.expectedMs || byId(a, b),
  );
  let leftMs = ordered.reduce((sum, atom) => sum + weigh(atom), 0);
  const sizeMs = () =>
    Math.min(shape.mostMs, Math.max(shape.leastMs, leftMs / (shape.divisor * shape.workers)));
  const shards: Atom[][] = [];
  let current: { atoms: Atom[]; ms: number; limitMs: number } | undefined;
  for (const atom of ordered) {
    const ms = weigh(atom);
    if (!current || current.ms + ms > current.limitMs) {
      if (current) leftMs -= current.ms;
      current = { atoms: [], ms: 0, limitMs: sizeMs() };
      shards.push(current.atoms);
    }
    current.atoms.push(atom);
    current.ms += ms;
  }
  return shards;
}

function byId(a: Atom, b: Atom): number {
  const [x = '', y = ''] = [a.ids[0], b.ids[0]];
  return x < y ? -1 : Number(x > y);
}
