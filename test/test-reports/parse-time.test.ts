import { expect, test } from '@jest/globals';
import { parseTime } from '../../shared/test-reports/values/parse-time.ts';

test.each([
  ['1.5', 1.5],
  [' 2 ', 2],
  ['.5', 0.5],
  ['3.', 3],
  ['1e-3', 0.001],
  ['4.5E-05', 0.000045],
  ['+1', 1],
  ['0', 0],
  ['-0.000', 0],
  ['0,25', 0.25],
  ['1,5', 1.5],
  ['0,250', 0.25],
  ['1,234', 1234],
  ['1,234.5', 1234.5],
  ['12,345,678.9', 12345678.9],
  ['1 234,5', 1234.5],
  ['1\u00a0234,5', 1234.5],
  ['12\u202f345\u202f678.9', 12345678.9],
  ['1\u2009234', 1234],
  ['1 23', undefined],
  ['1 234 56', undefined],
  ['1,234 567', undefined],
  ['1,234,56', undefined],
  ['1.234,5', undefined],
  ['', undefined],
  ['-1', undefined],
  ['NaN', undefined],
  ['Infinity', undefined],
  ['1e999', undefined],
  ['0x10', undefined],
  ['1s', undefined],
  ['1_000', undefined],
])('the time %j is %p seconds', (text, seconds) => {
  expect(parseTime(text)).toBe(seconds);
});
