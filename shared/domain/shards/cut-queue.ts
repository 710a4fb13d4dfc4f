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

/** Shards of what nobody knows are so many times smaller than others: one of its checks may take as long as all those. */
const caution = 2;

/**
 * Guided sizes: large shards first, and ever smaller ones to fill the gaps at the end. What nobody knows comes first,
 * then the longest: whatever goes wrong with them, there is still something to do meanwhile.
 */
export function cutQueue(atoms: readonly Atom[], shape: QueueShape): readonly (readonly Atom[])[] {
  const unknown = atoms.filter(({ isUnknown }) => isUnknown).toSorted(byId);
  const known = atoms
    .filter(({ isUnknown }) => !isUnknown)
    .toSorted((a, b) => b.expectedMs - a.expectedMs || byId(a, b));
  return [...cutUnknown(unknown, sumOf(known, shape), shape), ...cutInOrder(known, shape, 0)];
}

/** Few go to as many workers as there are, if that is worth the starts. @param laterMs what comes after them */
function cutUnknown(
  atoms: readonly Atom[],
  laterMs: number,
  shape: QueueShape,
): readonly (readonly Atom[])[] {
  const sumMs = sumOf(atoms, shape);
  const worthwhile = shape.leastMs === 0 ? atoms.length : Math.ceil(sumMs / shape.leastMs);
  const mostMs = Math.min(shape.mostMs, sumMs / Math.min(worthwhile, atoms.length, shape.workers));
  const divisor = laterMs > 0 ? caution * shape.divisor : shape.divisor;
  const cautious = { ...shape, divisor, mostMs };
  const hands = cutInOrder(atoms, cautious, laterMs).length;
  return cutInOrder(deal(atoms, hands), cautious, laterMs);
}

/** As cards are dealt, hand after hand: what were neighbours are far apart. New tests of one file are slow together. */
function deal(atoms: readonly Atom[], hands: number): readonly Atom[] {
  const dealt = Array.from({ length: hands }, (): Atom[] => []);
  for (const [n, atom] of atoms.entries()) dealt[n % hands]?.push(atom);
  return dealt.flat();
}

/** @param laterMs what comes after these */
function cutInOrder(
  atoms: readonly Atom[],
  shape: QueueShape,
  laterMs: number,
): readonly (readonly Atom[])[] {
  let leftMs = laterMs + sumOf(atoms, shape);
  const sizeMs = () =>
    Math.min(shape.mostMs, Math.max(shape.leastMs, leftMs / (shape.divisor * shape.workers)));
  const shards: Atom[][] = [];
  let current: { atoms: Atom[]; ms: number; limitMs: number } | undefined;
  for (const atom of atoms) {
    const ms = weigh(atom, shape);
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

function sumOf(atoms: readonly Atom[], shape: QueueShape): number {
  return atoms.reduce((sum, atom) => sum + weigh(atom, shape), 0);
}

function weigh(atom: Atom, { marginMs }: QueueShape): number {
  return atom.expectedMs + marginMs * atom.ids.length;
}

function byId(a: Atom, b: Atom): number {
  const [x = '', y = ''] = [a.ids[0], b.ids[0]];
  return x < y ? -1 : Number(x > y);
}
