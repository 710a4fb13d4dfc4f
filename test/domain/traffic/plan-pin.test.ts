import { describe, expect, it } from '@jest/globals';
import { guardPin, pinAfterPromotion, pinAfterRollback } from '../../../shared/domain/traffic/plan-pin.ts';
import { aPin, aService, aServiceRecord, effectId, name, now, traffic } from '../entities.ts';

it.each([
  ['ours', aPin(), 'web-1', true],
  ['ours, and somebody has moved traffic', aPin(), 'web-2', false],
  ["a human's", aPin({ owner: 'human' }), 'web-1', false],
  ['none', undefined, 'web-1', false],
])('guardPin of a pin that is %s', (_what, pin, serving, is) => {
  expect(guardPin(aService({ [serving]: 100 }), aServiceRecord({ pin })) !== undefined).toBe(is);
});

it.each([
  ['guard', { LATEST: 100 }, { 'web-2': 100 }, true],
  ['guard', { LATEST: 100 }, { LATEST: 100 }, false],
  ['guard', { 'web-0': 100 }, { 'web-2': 100 }, false],
  ['gate', { LATEST: 100 }, { 'web-2': 100 }, false],
] as const)('pinAfterPromotion in mode %s, from %j to %j', (mode, before, after, is) => {
  const pin = aPin({ before: traffic(before) });
  expect(pinAfterPromotion(pin, name('web-2'), mode, traffic(after)) !== undefined).toBe(is);
});

describe('pinAfterRollback', () => {
  const [target, bad] = [name('web-1'), name('web-2')];
  const rollback = { target, bad, before: traffic({ 'web-2': 100 }), after: traffic({ 'web-1': 100 }) };
  const earlier = aPin({ after: rollback.before });

  it.each([
    ['what was there', undefined, rollback.before],
    ['what was there before an earlier rollback of ours', earlier, earlier.before],
    ['what a human had pinned', { ...earlier, owner: 'human' as const }, rollback.before],
    ['what was there after our pin was moved', aPin(), rollback.before],
  ])('returns to %s', (_what, pin, before) => {
    expect(pinAfterRollback(effectId, pin, rollback, false, now)).toMatchObject({
      owner: 'guard',
      target,
      bad,
      before,
    });
  });

  it('fixes nothing where the user has again what he had', () => {
    expect(pinAfterRollback(effectId, undefined, rollback, true, now)).toBeUndefined();
  });
});
