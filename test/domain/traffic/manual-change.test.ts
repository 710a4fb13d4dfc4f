import { describe, expect, it } from '@jest/globals';
import {
  goodAfterManual,
  isCanarySplit,
  pinAfterManual,
  refuseOutdated,
} from '../../../shared/domain/traffic/manual-change.ts';
import type { ManualKind } from '../../../shared/domain/traffic/plan-manual.ts';
import { aGood, aPin, aRun, aService, aServiceRecord, effectId, name, now, traffic } from '../entities.ts';

const all = (revision: string) => traffic({ [revision]: 100 });

it.each([
  ['this traffic', all('web-2'), undefined, undefined],
  ['other traffic', all('web-1'), undefined, 'traffic-changed'],
  ['LATEST, which is the same', all('LATEST'), name('web-2'), undefined],
  ['LATEST, which was another', all('LATEST'), name('web-1'), 'traffic-changed'],
])('refuseOutdated of a request that was made on %s', (_what, seen, seenLatest, code) => {
  expect(refuseOutdated({ seen, seenLatest }, aService({ LATEST: 100 }))?.code).toBe(code);
});

it.each([
  ['its share', { 'web-2': 10, 'web-1': 90 }, true],
  ['moved since', { 'web-2': 20, 'web-1': 80 }, false],
])('isCanarySplit of %s', (_what, split, is) => {
  const run = aRun({ expectedTraffic: traffic({ 'web-2': 10, 'web-1': 90 }) });
  expect(isCanarySplit(traffic(split), run)).toBe(is);
});

it.each<[ManualKind, string, boolean | undefined]>([
  ['rollback', 'web-1', true],
  ['pin', 'web-1', undefined],
  ['rollback', 'web-2', undefined],
])('goodAfterManual %s to %s', (kind, target, movedAway) => {
  const record = aServiceRecord({ lastGood: [aGood('web-2'), aGood('web-1')] });
  const good = goodAfterManual(kind, record, { target: name(target), after: all(target) });
  expect(good[0]?.movedAway).toBe(movedAway);
});

describe('pinAfterManual', () => {
  const written = { before: all('web-2'), after: all('web-1'), target: name('web-1') };
  const human = aPin({ owner: 'human', after: written.before });

  it.each<[ManualKind, string, ReturnType<typeof aPin> | undefined, object | undefined]>([
    ['rollback', 'is ours to release', undefined, { owner: 'guard', bad: 'web-2', before: all('web-2') }],
    ['pin', "is a human's", undefined, { owner: 'human', bad: undefined }],
    ['pin', 'returns to what was there before the last pin', human, { before: human.before }],
    ['unpin', 'ends it', human, undefined],
    ['promote', "keeps a human's", human, { owner: 'human', target: 'web-1' }],
    ['promote', 'ends one that was moved', aPin(), undefined],
  ])('%s %s', (kind, _what, pin, expected) => {
    const after = pinAfterManual(effectId, kind, written, pin, 'guard', now);
    if (expected === undefined) expect(after).toBeUndefined();
    else expect(after).toMatchObject(expected);
  });
});
