import { describe, expect, it } from '@jest/globals';
import { TransientError, WriteConflictError } from '../../../shared/domain/errors.ts';
import type { Store } from '../../../shared/ports/store.ts';
import { aroundStore } from '../../world/around-store.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

/** More than a run commits; the last ones are never reached, and prove it. */
const beyondTheEnd = 40;

/** A store whose nth commit takes effect and is answered with an error, as a repeated one of a client may be. */
function losing(store: Store, isNth: () => boolean, answer: () => Error): Store {
  return aroundStore(store, {
    async commit(writes) {
      await store.commit(writes);
      if (isNth()) throw answer();
    },
  });
}

describe.each([
  ['a conflict with itself', () => new WriteConflictError('it exists already')],
  ['an outage', () => new TransientError('no answer')],
])('a commit that took effect and was answered with %s', (_what, answer) => {
  it.each([
    ['a rollback', answers.unavailable, { 'web-1': 100 }, { verdict: 'fail', outcome: { code: 'restored' } }],
    ['a good deploy', answers.good, { 'web-2': 100 }, { verdict: 'pass' }],
  ])('changes nothing of %s: one run, one write, no sweeper', async (_name, behaviour, serving, run) => {
    let lost = 0;
    for (let nth = 1; nth <= beyondTheEnd; nth++) {
      let commits = Number.NEGATIVE_INFINITY;
      const isNth = () => ++commits === nth;
      const world = await World.create({ wrap: (store) => losing(store, isNth, answer) });
      await world.deployGood('web-1');
      commits = 0;
      await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
      if (commits >= nth) lost++;
      expect({ nth, serving: await world.serving(), writes: world.cloud.writes.length }).toEqual({
        nth,
        serving,
        writes: 1,
      });
      expect({ nth, run: await world.run('web-2') }).toMatchObject({ nth, run: { state: 'closed', ...run } });
    }
    expect(lost).toBeGreaterThan(5);
    expect(lost).toBeLessThan(beyondTheEnd);
  });
});
