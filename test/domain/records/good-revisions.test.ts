import { describe, expect, it } from '@jest/globals';
import { markMovedAway, olderGood, withGood } from '../../../shared/domain/records/good-revisions.ts';
import { maxLastGood } from '../../../shared/domain/records/service-record.ts';
import { aGood, aService, order } from '../entities.ts';

const names = (good: readonly { readonly revision: string }[]) => good.map(({ revision }) => revision);

describe('olderGood', () => {
  const [left, older] = [aGood('web-2', { movedAway: true }), aGood('web-1')];
  it.each([
    ['the newest before it', [aGood('web-3'), aGood('web-2'), older], 'web-3', 'web-2'],
    ['none that users were moved away from', [left, older], 'web-3', 'web-1'],
    ['none that came after it', [aGood('web-3')], 'web-2', undefined],
  ])('takes %s', (_what, good, candidate, expected) => {
    expect(olderGood(good, order(candidate))?.revision).toBe(expected);
  });
});

describe('withGood', () => {
  it.each([
    ['newest first', ['web-3', 'web-1'], 'web-2', ['web-3', 'web-2', 'web-1']],
    ['each once', ['web-2', 'web-1'], 'web-2', ['web-2', 'web-1']],
  ])('holds %s', (_what, known, good, expected) => {
    expect(
      names(
        withGood(
          known.map((one) => aGood(one)),
          aGood(good),
        ),
      ),
    ).toEqual(expected);
  });

  it('holds so many', () => {
    const known = Array.from({ length: maxLastGood }, (_, n) => aGood(`web-${20 - n}`));
    expect(withGood(known, aGood('web-30'))).toHaveLength(maxLastGood);
  });
});

describe('markMovedAway', () => {
  it.each([
    [{ 'web-1': 100 }, [true, undefined]],
    [{ 'web-2': 100 }, [undefined, undefined]],
    [{ 'web-1': 90, 'web-2': 10 }, [undefined, undefined]],
    [{ 'web-3': 100 }, [true, undefined]],
  ])('with traffic %j', (split, expected) => {
    // Where nothing that is good serves, what was marked stays so.
    const good = [aGood('web-2', { movedAway: true }), aGood('web-1')];
    expect(markMovedAway(good, aService(split)).map(({ movedAway }) => movedAway)).toEqual(expected);
  });
});
