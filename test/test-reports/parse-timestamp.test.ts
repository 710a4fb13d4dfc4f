import { expect, test } from '@jest/globals';
import { parseTimestamp } from '../../shared/test-reports/values/parse-timestamp.ts';

const noon = Date.UTC(2031, 4, 6, 12, 0, 0);

test.each<[string, number | undefined]>([
  ['2031-05-06T12:00:00', noon],
  ['2031-05-06 12:00:00', noon],
  ['2031-05-06T12:00:00.123456', noon],
  ['2031-05-06T12:00:00,5Z', noon],
  ['2031-05-06T14:00:00+02:00', noon],
  ['2031-05-06T07:00:00.000-0500', noon],
  [' 2031-05-06T12:00:00 ', noon],
  ['', undefined],
  ['6 May 2031', undefined],
  ['2031-05-06', undefined],
  ['2031-13-06T12:00:00', undefined],
  ['2031-05-06T25:00:00', undefined],
])('the time %j is %j', (text, ms) => {
  expect(parseTimestamp(text)).toBe(ms);
});
