import { beforeEach, describe, expect, it } from '@jest/globals';
import { documentIn } from '../../../shared/contracts/document.ts';
import { intents, killSwitch, outbox } from '../../../shared/contracts/records.ts';
import { PermanentError, TrafficChangedError, UnknownOutcomeError } from '../../../shared/domain/errors.ts';
import { type EffectId, effectIdOf } from '../../../shared/domain/ids.ts';
import type { CloudRun } from '../../../shared/ports/cloud-run.ts';
import type { Ports } from '../../../shared/ports/ports.ts';
import type { Store } from '../../../shared/ports/store.ts';
import { setControl } from '../../../shared/services/records/set-control.ts';
import { aroundStore } from '../../world/around-store.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

/** How long a process is frozen: far longer than anything takes. */
const stallMs = 45_000;

/** A store whose calls that match wait first: the process that makes them has been frozen. */
function stalling(store: Store, matches: (path: string) => boolean, stall: () => Promise<void>): Store {
  return aroundStore(store, {
    find: async (query) => {
      if (matches(`find ${query.collection.path}`)) await stall();
      return store.find(query);
    },
    commit: async (writes) => {
      if (writes.some((write) => matches(`${write.kind} ${write.ref.collection.path}`))) await stall();
      return store.commit(writes);
    },
  });
}

describe('an executor of a rollback that was frozen until another has taken over', () => {
  let world: World;
  let effectId: EffectId;
  let build: string;

  beforeEach(async () => {
    world = await World.create();
    await world.deployGood('web-1');
    build = world.deployByBuild('web-2', { behaviour: answers.unavailable });
    effectId = effectIdOf(world.runIdOf('web-2'), 'health', 'rollback');
  });

  /** Freezes the first executor where its call matches, and sends a second one meanwhile. */
  async function overtake(at: (ports: Ports, stall: () => Promise<void>) => Partial<Ports>): Promise<void> {
    let stalled = false;
    const stall = async () => {
      if (stalled) return;
      stalled = true;
      await world.clock.sleep(stallMs);
      await world.publish('route-traffic', { effectId });
      await world.clock.sleep(stallMs);
    };
    world.intercept((ports, hop) => (hop === 'route-traffic' ? at(ports, stall) : {}));
    await world.finishBuild(build);
    expect(stalled).toBe(true);
  }

  async function expectOneRollback(): Promise<void> {
    expect(world.cloud.writes).toHaveLength(1);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
    expect((await world.service())?.pin).toMatchObject({ owner: 'guard', target: 'web-1' });
    expect((await world.service())?.rollbacks).toHaveLength(1);
    expect((await world.store.get(documentIn(outbox, effectId)))?.data).toMatchObject({ state: 'done' });
  }

  it.each([
    ['it looks for earlier intents', 'find intents'],
    ['it stores its intent', 'create intents'],
    ['it notes that the write was accepted', 'update intents'],
    ['it ends the effect', 'update runs'],
  ])('leaves one write and its whole aftermath: frozen before %s', async (_what, call) => {
    await overtake((ports, stall) => ({ store: stalling(ports.store, (path) => path === call, stall) }));
    await expectOneRollback();
  });

  it('leaves one write: frozen before the write itself', async () => {
    await overtake((_ports, stall) => {
      const run = world.cloudPort();
      const updateTraffic: typeof run.updateTraffic = async (...args) => {
        await stall();
        return run.updateTraffic(...args);
      };
      return { run: { ...run, updateTraffic } };
    });
    await expectOneRollback();
  });

  it('does not end with a refusal what the other is at', async () => {
    let probes = 0;
    // The first finds the target failing and would skip, the second finds it well; its write takes a minute to show.
    world.cloud.setBehaviour(world.ref, 'web-1', () => {
      probes++;
      return probes > 3 && probes <= 6 ? answers.unavailable() : answers.good();
    });
    await overtake((ports, stall) => {
      const run = world.cloudPort();
      const updateTraffic: typeof run.updateTraffic = async (...args) => {
        await run.updateTraffic(...args);
        world.cloud.setReconciling(world.ref, true);
        void world.clock.sleep(55_000).then(() => world.cloud.setReconciling(world.ref, false));
      };
      const store = stalling(ports.store, (call) => call === 'update runs' && probes === 6, stall);
      return { store, run: { ...run, updateTraffic } };
    });
    await expectOneRollback();
  });

  it.each(['before', 'after'])(
    'sends nothing that lands, once the other has found the target failing: frozen %s it stores its intent',
    async (when) => {
      await overtake((ports, stall) => ({
        store: aroundStore(ports.store, {
          commit: async (writes) => {
            if (when === 'after') await ports.store.commit(writes);
            if (writes.some((write) => write.ref.collection.path === 'intents' && write.kind === 'create')) {
              // Whoever comes meanwhile finds the target failing.
              world.cloud.setBehaviour(world.ref, 'web-1', answers.unavailable);
              await stall();
            }
            if (when === 'before') await ports.store.commit(writes);
          },
        }),
      }));
      expect(await world.serving()).toEqual({ 'web-2': 100 });
      expect((await world.store.get(documentIn(outbox, effectId)))?.data).toMatchObject({ state: 'skipped' });
    },
  );

  it('writes nothing after its effect was given up: a human looks at it', async () => {
    let sent = 0;
    await overtake((_ports, stall) => {
      const run = world.cloudPort();
      const updateTraffic: typeof run.updateTraffic = async (ref, change) => {
        if (++sent === 1) {
          await world.clock.sleep(stallMs);
          world.cloud.bump(world.ref, { generation: true });
          await stall();
        }
        return run.updateTraffic(ref, change);
      };
      return { run: { ...run, updateTraffic } };
    });
    expect(world.cloud.writes).toHaveLength(0);
    expect((await world.store.get(documentIn(outbox, effectId)))?.data).toMatchObject({
      state: 'stopped',
      outcome: { code: 'unknown-outcome' },
    });
  });
});

describe('a write whose answer was lost', () => {
  let world: World;
  let build: string;

  beforeEach(async () => {
    world = await World.create();
    await world.deployGood('web-1');
    build = world.deployByBuild('web-2', { behaviour: answers.unavailable });
  });

  /** The n-th write goes the n-th way, the others as ever. */
  function sendBy(...ways: readonly ((send: () => Promise<void>) => Promise<void>)[]): void {
    const run = world.cloudPort();
    let sent = 0;
    const updateTraffic: CloudRun['updateTraffic'] = (ref, change) => {
      const send = () => run.updateTraffic(ref, change);
      return ways[sent++]?.(send) ?? send();
    };
    world.intercept((_ports, hop) => (hop === 'route-traffic' ? { run: { ...run, updateTraffic } } : {}));
  }

  async function outcomes(): Promise<string[]> {
    const where = [['runId', '==', world.runIdOf('web-2')]] as const;
    const found = await world.store.find({ collection: intents, where, limit: 10 });
    return found.map(({ data }) => data.outcome);
  }

  const lost = () => new UnknownOutcomeError('DEADLINE_EXCEEDED');

  it('cannot land any more after the retry has refused', async () => {
    let late: (() => Promise<void>) | undefined;
    sendBy(async (send) => {
      late = send;
      // From now on the target fails the probe that comes before a write.
      world.cloud.setBehaviour(world.ref, 'web-1', answers.unavailable);
      throw lost();
    });
    await world.finishBuild(build);
    expect(await world.run('web-2')).toMatchObject({ state: 'closed', outcome: { code: 'target-failing' } });
    await expect(late?.()).rejects.toThrow(TrafficChangedError);
    expect(await world.serving()).toEqual({ 'web-2': 100 });
    expect(await outcomes()).toEqual(['rejected']);
  });

  it('cannot land any more after Cloud Run has refused the retry', async () => {
    let late: (() => Promise<void>) | undefined;
    sendBy(
      async (send) => {
        late = send;
        throw lost();
      },
      () => Promise.reject(new PermanentError('PERMISSION_DENIED')),
    );
    await world.finishBuild(build);
    expect(await world.run('web-2')).toMatchObject({ state: 'closed', outcome: { code: 'restored' } });
    await expect(late?.()).rejects.toThrow(TrafficChangedError);
  });

  it('is told by its mark from a later attempt of which nobody knows either', async () => {
    let late: (() => Promise<void>) | undefined;
    sendBy(
      async (send) => {
        late = send;
        throw lost();
      },
      async () => {
        await late?.();
        throw lost();
      },
    );
    await world.finishBuild(build);
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'restored' } });
    expect(await outcomes()).toEqual(['accepted', 'unknown']);
  });

  it('is told by its mark though somebody has moved traffic since', async () => {
    sendBy(async (send) => {
      await send();
      await world.fixTraffic(['web-2', 100]);
      throw lost();
    });
    await world.finishBuild(build);
    expect(await outcomes()).toEqual(['accepted']);
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'unverified' } });
  });

  it('cannot land while the kill switch is on: the write of the mark alone, which moves nothing, is made', async () => {
    let late: (() => Promise<void>) | undefined;
    sendBy(async (send) => {
      late = send;
      await setControl(killSwitch, { reason: 'incident', actor: 'ann' }, world.ports);
      throw lost();
    });
    await world.finishBuild(build);
    expect(await world.run('web-2')).toMatchObject({ state: 'closed', outcome: { code: 'frozen' } });
    await expect(late?.()).rejects.toThrow(TrafficChangedError);
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });
});
