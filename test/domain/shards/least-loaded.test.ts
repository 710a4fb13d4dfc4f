import { expect, it } from '@jest/globals';
import { LeastLoaded } from '../../../shared/domain/shards/least-loaded.ts';
import { Dice } from '../../simulation/kernel/dice.ts';

it.each([1, 2, 3, 7, 64])(
  'gives each piece to whoever has least, of several the first (%d workers)',
  (workers) => {
    const dice = Dice.of(workers);
    const loads = new LeastLoaded(workers);
    const expected = Array.from({ length: workers }, () => 0);
    for (let n = 0; n < 500; n++) {
      // Few different pieces: many have the same.
      const ms = Math.floor(4 * dice.fraction());
      const least = expected.indexOf(Math.min(...expected));
      expect(loads.give(ms)).toBe(least);
      expected[least] = (expected[least] ?? 0) + ms;
    }
    expect(loads.mostMs).toBe(Math.max(...expected));
  },
);
