import { LeastLoaded } from './least-loaded.ts';
import { type Bin, levelBins } from './level-bins.ts';
import type { Atom } from './shard-plan.ts';

/**
 * One shard per worker, as even as possible: the longest first, each to the least loaded worker; then exchanges between
 * the fullest bin and others.
 *
 * @returns at most `workers` shards, none of them empty
 */
export function packStatic(atoms: readonly Atom[], workers: number): readonly (readonly Atom[])[] {
  const bins = Array.from({ length: Math.min(workers, atoms.length) }, (): Bin => ({ atoms: [], ms: 0 }));
  const ordered = atoms.toSorted((a, b) => b.expectedMs - a.expectedMs || byId(a, b));
  const loads = new LeastLoaded(bins.length);
  for (const atom of ordered) {
    const bin = bins[loads.give(atom.expectedMs)];
    if (!bin) continue;
    bin.atoms.push(atom);
    bin.ms += atom.expectedMs;
  }
  levelBins(bins);
  return bins.map((bin) => bin.atoms).filter((some) => some.length > 0);
}

function byId(a: Atom, b: Atom): number {
  const [x = '', y = ''] = [a.ids[0], b.ids[0]];
  return x < y ? -1 : Number(x > y);
}
