import { estimateDurations } from '../../../shared/domain/shards/estimate-durations.ts';
import type { PlannableCheck } from '../../../shared/domain/shards/shard-plan.ts';
import { Dice } from '../../simulation/kernel/dice.ts';

interface Shape {
  readonly seed: number;
  readonly tests: number;
  readonly scale?: number;
  /** The standard deviation of the logarithm. */
  readonly unevenness?: number;
}

/** Durations as suites have them, in ms: most tests take milliseconds, some seconds, a few most of the time. */
export function aSuiteOf({ seed, tests, scale = 1, unevenness = 1.7 }: Shape): ReadonlyMap<string, number> {
  const dice = Dice.of(seed);
  return new Map(
    Array.from({ length: tests }, (_, n) => [
      `tests/f${n % 40}.py::t${n}`,
      scale * 50 * Math.exp(unevenness * gaussian(dice)),
    ]),
  );
}

/** The same suite some months later: what was known of it, and what it takes now. */
export function aDrifted(shape: Shape): {
  readonly checks: readonly PlannableCheck[];
  readonly actual: ReadonlyMap<string, number>;
} {
  const dice = Dice.of(shape.seed + 1_000);
  const actual = aSuiteOf({ scale: 20, ...shape });
  const timed = [...actual].map(([id, ms]) => {
    const [file = ''] = id.split('::');
    const isNew = dice.fraction() < 0.08;
    return { id, file, historyMs: isNew ? undefined : ms * Math.exp(0.35 * gaussian(dice)) };
  });
  return { checks: estimateDurations(timed, 1_000), actual };
}

function gaussian(dice: Dice): number {
  return Math.sqrt(-2 * Math.log(1 - dice.fraction())) * Math.cos(2 * Math.PI * dice.fraction());
}
