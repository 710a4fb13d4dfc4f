import { describe, expect, it, test } from '@jest/globals';
import { findWindow, isEndless } from '../../shared/contracts/freeze/find-window.ts';

const vienna = 'Europe/Vienna';
const weekend = { cron: '0 17 * * FRI', for: '63h', tz: vienna };

/** Until when a window is open at an instant. */
function untilOf(settings: Partial<Parameters<typeof findWindow>[0]>, at: string): string | undefined {
  return findWindow({ freeze: [], ...settings }, new Date(at))?.until.toISOString();
}

describe('a freeze window', () => {
  test.each([
    ['just before it begins', '2026-12-04T15:59:59.999Z', undefined],
    ['when it begins', '2026-12-04T16:00:00.000Z', '2026-12-07T07:00:00.000Z'],
    ['in its last moment', '2026-12-07T06:59:59.999Z', '2026-12-07T07:00:00.000Z'],
    ['when it ends', '2026-12-07T07:00:00.000Z', undefined],
  ])('%s', (_when, at, until) => {
    expect(untilOf({ freeze: [weekend] }, at)).toBe(until);
  });

  test.each([
    ['the weekend in which clocks go back', weekend, '2026-10-24T12:00:00Z', '2026-10-26T07:00:00.000Z'],
    ['the weekend in which clocks go forward', weekend, '2026-03-28T12:00:00Z', '2026-03-30T06:00:00.000Z'],
    [
      'an end at a time that clocks leave out',
      { cron: '30 1 * * *', for: '1h', tz: vienna },
      '2026-03-29T00:45:00Z',
      '2026-03-29T01:30:00.000Z',
    ],
    [
      'a beginning in the hour that clocks repeat',
      { cron: '*/30 2 * * *', for: '10m', tz: vienna },
      '2026-10-25T01:35:00Z',
      '2026-10-25T01:40:00.000Z',
    ],
  ])('is counted on the clock of its zone: %s', (_what, window, at, until) => {
    expect(untilOf({ freeze: [window] }, at)).toBe(until);
  });

  test.each([
    ['overlap', { cron: '0 6 * * MON', for: '3h', tz: vienna }, '2026-12-07T08:00:00.000Z'],
    ['adjoin', { cron: '0 8 * * MON', for: '2h', tz: vienna }, '2026-12-07T09:00:00.000Z'],
    ['lie within each other', { cron: '0 9 * * SAT', for: '1h', tz: 'UTC' }, '2026-12-07T07:00:00.000Z'],
    ['have a gap', { cron: '1 8 * * MON', for: '2h', tz: vienna }, '2026-12-07T07:00:00.000Z'],
  ])('ends with the last of those that %s', (_what, other, until) => {
    expect(untilOf({ freeze: [other, weekend] }, '2026-12-05T12:00:00Z')).toBe(until);
  });

  it('that is longer than the time to its next is open from the first to the last', () => {
    const feast = { cron: '0 0 24-26 12 *', for: '48h', tz: 'UTC' };
    expect(untilOf({ freeze: [feast] }, '2026-12-24T00:00:00Z')).toBe('2026-12-28T00:00:00.000Z');
    expect(untilOf({ freeze: [feast] }, '2026-12-28T00:00:00Z')).toBeUndefined();
  });

  it('and the time before notBefore are one where they touch', () => {
    const notBefore = '2026-12-05T00:00:00Z';
    expect(untilOf({ notBefore }, '2026-12-01T00:00:00Z')).toBe('2026-12-05T00:00:00.000Z');
    expect(untilOf({ notBefore }, '2026-12-05T00:00:00Z')).toBeUndefined();
    expect(untilOf({ notBefore, freeze: [weekend] }, '2026-12-01T00:00:00Z')).toBe(
      '2026-12-07T07:00:00.000Z',
    );
  });

  test.each([
    [weekend, '2026-12-07T08:00:00+01:00 (Europe/Vienna)'],
    [{ ...weekend, tz: 'America/New_York' }, '2026-12-07T08:00:00-05:00 (America/New_York)'],
    [{ ...weekend, tz: 'UTC' }, '2026-12-07T08:00:00+00:00 (UTC)'],
  ])('says which it is, and until when on its own clock', (window, until) => {
    const found = findWindow({ freeze: [window] }, new Date('2026-12-05T12:00:00Z'));
    expect(found?.text).toBe(`the freeze window "0 17 * * FRI" is open until ${until}`);
  });
});

test.each([
  [['0 0 * * *', '24h'], true],
  [['* * * * *', '1m'], true],
  [['* 9-17 * * *', '1m'], false],
  [['0 0 29 2 *', '366d'], false],
])('windows without an end are told from others: %j', ([cron = '', length = ''], endless) => {
  expect(isEndless({ freeze: [{ cron, for: length, tz: 'UTC' }] })).toBe(endless);
});
