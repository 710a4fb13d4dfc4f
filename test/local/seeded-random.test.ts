import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '../../infra/local/seeded-random.ts';

const draws = (random: SeededRandom) => Array.from({ length: 5 }, () => random.fraction());

describe('SeededRandom', () => {
  it('repeats the numbers of a seed', () => {
    expect(draws(new SeededRandom(7))).toEqual(draws(new SeededRandom(7)));
    expect(draws(new SeededRandom(7))).not.toEqual(draws(new SeededRandom(8)));
  });

  it('gives a fork the same numbers, whatever was drawn before', () => {
    const early = new SeededRandom(7).fork('routes');
    const late = new SeededRandom(7);
    draws(late);
    expect(draws(late.fork('routes'))).toEqual(draws(early));
    expect(draws(late.fork('builds'))).not.toEqual(draws(late.fork('routes')));
  });

  it('stays within its range', () => {
    const random = new SeededRandom(1);
    for (let i = 0; i < 1_000; i++) {
      const value = random.between([3, 10]);
      expect(value).toBeGreaterThanOrEqual(3);
      expect(value).toBeLessThan(10);
    }
  });

  it('makes UUIDs of version 4', () => {
    expect(new SeededRandom(1).uuid()).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });
});
