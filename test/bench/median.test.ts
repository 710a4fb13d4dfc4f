import { expect, it, test } from '@jest/globals';
import { median } from './median.ts';

test.each([
  [[7], 7],
  [[9, 1, 5], 5],
  [[4, 1, 3, 2], 2.5],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});

it('is not defined for no values', () => {
  expect(() => median([])).toThrow(RangeError);
});
