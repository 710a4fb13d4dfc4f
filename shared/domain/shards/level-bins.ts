import type { Atom } from './shard-plan.ts';

/** The work of one worker; filled and levelled in place. */
export interface Bin {
  atoms: Atom[];
  ms: number;
}

/** A bin this little above the mean is even enough, as a share of the mean. */
const tolerance = 0.0005;
const maxExchanges = 2_000;
/** The number of emptiest bins with which an exchange is tried. */
const partners = 8;

interface Exchange {
  readonly from: Bin;
  readonly to: Bin;
  readonly give: Atom;
  readonly take: Atom | undefined;
  /** The duration of the fuller bin after the exchange. */
  readonly afterMs: number;
}

/** Moves atoms out of the fullest bin, or exchanges one for a smaller one, as long as that helps. */
export function levelBins(bins: readonly Bin[]): void {
  const meanMs = bins.reduce((sum, { ms }) => sum + ms, 0) / bins.length;
  for (let n = 0; n < maxExchanges; n++) {
    const byFill = bins.toSorted((a, b) => a.ms - b.ms);
    const fullest = byFill.at(-1);
    if (!fullest || fullest.atoms.length < 2 || fullest.ms - meanMs <= tolerance * meanMs) return;
    const best = byFill
      .slice(0, Math.min(partners, bins.length - 1))
      .flatMap((to) => bestExchange(fullest, to) ?? [])
      .reduce<Exchange | undefined>((a, b) => (a && a.afterMs <= b.afterMs ? a : b), undefined);
    if (!best) return;
    apply(best);
  }
}

function bestExchange(from: Bin, to: Bin): Exchange | undefined {
  const gapMs = from.ms - to.ms;
  const takes = to.atoms.toSorted((a, b) => a.expectedMs - b.expectedMs);
  let best: Exchange | undefined;
  const consider = (give: Atom, take: Atom | undefined) => {
    const shiftMs = give.expectedMs - (take?.expectedMs ?? 0);
    if (shiftMs <= 0 || shiftMs >= gapMs) return;
    const afterMs = Math.max(from.ms - shiftMs, to.ms + shiftMs);
    if (afterMs < (best?.afterMs ?? from.ms)) best = { from, to, give, take, afterMs };
  };
  for (const give of from.atoms) {
    consider(give, undefined);
    // Ideally, half the gap changes bins.
    const at = lowerBound(takes, give.expectedMs - gapMs / 2);
    for (const take of [takes[at - 1], takes[at]]) if (take) consider(give, take);
  }
  return best;
}

/** The first of `sorted` that takes at least `ms`. */
function lowerBound(sorted: readonly Atom[], ms: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.expectedMs ?? 0) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

function apply({ from, to, give, take }: Exchange): void {
  const without = (atoms: readonly Atom[], one: Atom | undefined) => atoms.filter((atom) => atom !== one);
  from.atoms = [...without(from.atoms, give), ...(take ? [take] : [])];
  to.atoms = [...without(to.atoms, take), give];
  const shiftMs = give.expectedMs - (take?.expectedMs ?? 0);
  from.ms -= shiftMs;
  to.ms += shiftMs;
}
