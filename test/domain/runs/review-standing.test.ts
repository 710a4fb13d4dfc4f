import { describe, expect, it } from '@jest/globals';
import type { Run } from '../../../shared/domain/records/run.ts';
import type { ServiceRecord } from '../../../shared/domain/records/service-record.ts';
import type { Revision } from '../../../shared/domain/revision.ts';
import {
  alarmOf,
  isHeldBack,
  isRecordedGood,
  reviewStanding,
  servedRevisions,
} from '../../../shared/domain/runs/review-standing.ts';
import { aGood, aPin, aRevision, aRun, aService, aServiceRecord, name, now } from '../entities.ts';

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
    expect(reviewStanding(aServiceRecord(record), aService(split), found, false)).toMatchObject(expected);
  });

  it('marks what users were moved away from', () => {
    const record = aServiceRecord({ lastGood: [aGood('web-2'), aGood('web-1')] });
    expect(reviewStanding(record, aService({ 'web-1': 100 }), undefined, false).changes).toMatchObject({
      lastGood: [{ revision: 'web-2', movedAway: true }, { revision: 'web-1' }],
    });
  });
});

it('the revisions that users get are those with five percent or more, the most served first', () => {
  expect(servedRevisions(aService({ 'web-0': 4, 'web-1': 30, 'web-2': 66 }))).toEqual(['web-2', 'web-1']);
});

it('a revision made anew under a good name is not recorded good', () => {
  const made = { createTime: new Date(now.getTime() - 1) };
  expect(isRecordedGood(aRevision('web-1'), aServiceRecord())).toBe(true);
  expect(isRecordedGood(aRevision('web-1', made), aServiceRecord())).toBe(false);
});

const passed = (changes: Partial<Run>) => aRun({ state: 'closed', verdict: 'pass', ...changes });
const pinnedThen = passed({ reasons: [{ code: 'human-pin', text: '' }] });
const previewThen = passed({ outcome: { code: 'preview', text: '' } });

it.each<[string, boolean, Run, boolean]>([
  ['for a pin that is over', true, pinnedThen, true],
  ['for a pin that is on', false, pinnedThen, false],
  ['for a tag that is gone', true, previewThen, true],
  ['by somebody who took its traffic away', true, passed({}), false],
  ['for a pin, in a run that only looked', true, { ...pinnedThen, authority: 'observe' }, false],
])(
  'a revision that passed and was kept back %s, and may serve (%s), is held back: %s',
  (...[, may, last, is]) => {
    expect(isHeldBack({ revision: aRevision('web-2'), share: 0, last, lastAgeMs: 0 }, may, now)).toBe(is);
  },
);

it.each<[string, Partial<Revision>, Run | undefined, boolean]>([
  ['ready for long, and never judged', {}, undefined, true],
  ['just made', { createTime: now }, undefined, false],
  ['not ready', { readiness: { kind: 'pending' } }, undefined, false],
  ['judged bad', {}, aRun({ state: 'closed', verdict: 'fail' }), false],
  ['of unknown quality', {}, aRun({ state: 'closed', verdict: 'inconclusive' }), true],
])('a revision that is %s is held back: %s', (_what, changes, last, is) => {
  expect(
    isHeldBack({ revision: aRevision('web-2', changes), share: 0, last, lastAgeMs: 0 }, false, now),
  ).toBe(is);
});

describe('alarmOf', () => {
  const revision = aRevision('web-2');

  it('is over once nothing is in doubt', () => expect(alarmOf([], now)).toBeUndefined());

  it.each([
    [40, undefined, 'unverified-revision', /web-2 serves 40 % of the traffic and was never validated/],
    [0, undefined, 'unvalidated-revision', /web-2 is ready, but has no traffic and was never validated/],
    [
      100,
      aRun({ state: 'closed', verdict: 'fail', reasons: [{ code: 'timeout', text: 'it is slow' }] }),
      'unverified-revision',
      /not verified good: fail \(it is slow\)/,
    ],
  ] as const)('with %s %% and %j', (share, last, code, text) => {
    const found = alarmOf([{ revision, share, last, lastAgeMs: 0 }], now);
    expect(found).toMatchObject({ code, revision: 'web-2', at: now });
    expect(found?.text).toMatch(text);
  });
});
