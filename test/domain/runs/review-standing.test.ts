import { describe, expect, it } from '@jest/globals';
import type { ServiceRecord } from '../../../shared/domain/records/service-record.ts';
import {
  reviewStanding,
  unvalidatedAlarm,
  withoutUsers,
} from '../../../shared/domain/runs/review-standing.ts';
import { aGood, aPin, aRevision, aService, aServiceRecord, name, now } from '../entities.ts';

const alarm = { code: 'unvalidated-revision' as const, text: '', revision: name('web-2'), at: now };

describe('reviewStanding', () => {
  it.each<[string, Partial<ServiceRecord>, Record<string, number>, typeof alarm | undefined, object]>([
    ['what is as it was', { pin: aPin() }, { 'web-1': 100 }, undefined, { lost: false, changes: undefined }],
    [
      'a pin that was moved',
      { pin: aPin() },
      { 'web-2': 100 },
      undefined,
      { lost: true, changes: { pin: undefined } },
    ],
    ['a new alarm', {}, { 'web-1': 100 }, alarm, { isNews: true, changes: { alarm } }],
    ['a known alarm', { alarm }, { 'web-1': 100 }, alarm, { isNews: false, changes: undefined }],
    [
      'an alarm that is over',
      { alarm },
      { 'web-2': 100 },
      undefined,
      { isNews: true, changes: { alarm: undefined } },
    ],
  ])('%s', (_what, record, split, found, expected) => {
    expect(reviewStanding(aServiceRecord(record), aService(split), found)).toMatchObject(expected);
  });

  it('marks what users were moved away from', () => {
    const record = aServiceRecord({ lastGood: [aGood('web-2'), aGood('web-1')] });
    expect(reviewStanding(record, aService({ 'web-1': 100 }), undefined).changes).toMatchObject({
      lastGood: [{ revision: 'web-2', movedAway: true }, { revision: 'web-1' }],
    });
  });
});

it.each([
  [{ 'web-1': 100 }, 'web-2'],
  [{ 'web-1': 90, 'web-2': 10 }, undefined],
])('with traffic %j the newest without users is %s', (split, expected) => {
  expect(withoutUsers(aService(split))).toBe(expected);
});

it.each([
  ['ready for long', {}, true],
  ['just made', { createTime: now }, false],
  ['not ready', { readiness: { kind: 'pending' as const } }, false],
])('a revision that is %s raises an alarm: %s', (_what, changes, is) => {
  expect(unvalidatedAlarm(aRevision('web-2', changes), now) !== undefined).toBe(is);
});
