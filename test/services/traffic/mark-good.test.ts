import { expect, it } from '@jest/globals';
import { documentIn } from '../../../shared/contracts/document.ts';
import { decisions, services } from '../../../shared/contracts/records.ts';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import type { Write } from '../../../shared/ports/store.ts';
import { aroundStore } from '../../world/around-store.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

type Condition = (world: World) => Promise<boolean>;

const isRegistered: Condition = async (world) => (await world.run('web-2', 2)) !== undefined;
const isDecided: Condition = async (world) =>
  (await world.store.get(documentIn(decisions, `${world.runIdOf('web-2', 2)}.health`))) !== undefined;

function marksGood({ kind, ref, ...write }: Write): boolean {
  return (
    kind === 'update' &&
    ref.collection.path === services.path &&
    'fields' in write &&
    'lastGood' in write.fields
  );
}

/** The n-th time that a revision is put among the good, it waits for the n-th condition. @returns whether one waits */
function holdUp(world: World, conditions: readonly Condition[]): () => boolean {
  let seen = 0;
  world.intercept(({ store }, hop) => ({
    store: aroundStore(store, {
      commit: async (writes) => {
        const isMet = hop === 'route-traffic' && writes.some(marksGood) && conditions[seen++];
        while (isMet && !(await isMet(world))) await world.clock.sleep(50);
        return store.commit(writes);
      },
    }),
  }));
  return () => seen > 0;
}

it.each([
  ['until that is decided', [isDecided]],
  ['until that is begun, and again until it is decided', [isRegistered, isDecided]],
])(
  'a revision that is judged anew, and bad, is not good by what was found before: held up %s',
  async (_when, conditions) => {
    const world = await World.create();
    await world.deployGood('web-1');
    const waits = holdUp(world, conditions);
    void world.publish('begin-validation', { kind: 'build', name: world.deployByBuild('web-2') });
    while (!waits()) await world.clock.sleep(50);
    world.cloud.setBehaviour(world.ref, 'web-2', answers.unavailable);
    const revision = 'web-2' as RevisionName;
    const { ref } = world;
    await world.publish('begin-validation', {
      kind: 'revision',
      ref,
      revision,
      openedBy: 'rerun',
      attempt: 2,
    });
    await world.bus.idle();
    expect(await world.run('web-2', 2)).toMatchObject({ verdict: 'fail' });
    expect((await world.service())?.lastGood.map((good) => good.revision)).toEqual(['web-1']);
  },
);
