import type { Atom } from './shard-plan.ts';

export interface QueueShape {
  readonly workers: number;
  /** A shard takes the remaining work divided by this many times the number of workers. */
  readonly divisor: number;
  /** No shard is planned to be shorter, except the last. */
  readonly leastMs: number;
  /** No shard is longer, unless a single check is. */
  readonly mostMs: number;
  /** Added to each check: the time that it may take beyond the expectation. */
  readonly marginMs: number;
}

/** Shards of checks without known durations are this much smaller: one such check may take as long as all of them. */
const caution = 2;

/**
 * Guided sizes: large shards first, then ever smaller ones to fill the gaps at the end. Checks without known durations
 * come first, then the longest: if one takes longer than expected, there is other work to do meanwhile.
 */
export function cutQueue(atoms: readonly Atom[], shape: QueueShape): readonly (readonly Atom[])[] {
  const unknown = atoms.filter(({ isUnknown }) => isUnknown).toSorted(byId);
  const known = atoms
    .filter(({ isUnknown }) => !isUnknown)
    .toSorted((a, b) => b.expectedMs - a.expectedMs || byId(a, b));
  return [...cutUnknown(unknown, sumOf(known, shape), shape), ...cutInOrder(known, shape, 0)];
}

/**
 * Spreads a few checks over all workers, if that is worth the starts. @param laterMs the duration of the checks after
 * them
 */
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

/** Dealt like cards, so that neighbours end up far apart: new tests of one file tend to be slow together. */
function deal(atoms: readonly Atom[], hands: number): readonly Atom[] {
  const dealt = Array.from({ length: hands }, (): Atom[] => []);
  for (const [n, atom] of atoms.entries()) dealt[n % hands]?.push(atom);
  return dealt.flat();
}

/** @param laterMs the duration of the checks after these */
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
