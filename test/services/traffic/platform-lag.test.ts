import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { documentIn } from '../../../shared/contracts/document.ts';
import { freezeOf, runs } from '../../../shared/contracts/records.ts';
import { type RevisionName, serviceKeyOf } from '../../../shared/domain/ids.ts';
import { create } from '../../../shared/ports/store.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const name = (text: string) => text as RevisionName;
const hour = 3_600_000;

async function aBrokenDeploy(): Promise<{ world: World; build: string }> {
  const world = await World.create();
  await world.deployGood('web-1');
  return { world, build: world.deployByBuild('web-2', { behaviour: answers.unavailable }) };
}

describe('re-verification', () => {
  it('does not call it restored while Cloud Run has accepted the write and moves nothing', async () => {
    const { world, build } = await aBrokenDeploy();
    world.interceptService((state) =>
      world.cloud.writes.length === 0
        ? state
        : {
            ...state,
            reconciling: true,
            serving: [
              { revision: name('web-2'), percent: 100 },
              ...state.serving.filter((target) => target.tag),
            ],
          },
    );
    await world.finishBuild(build);
    expect(await world.run('web-2')).toMatchObject({ state: 'closed', outcome: { code: 'unverified' } });
    expect(await world.decision('web-2', 'reverify')).toMatchObject({ alert: true });
  });

  it('stands back when a human changes traffic again', async () => {
    const { world, build } = await aBrokenDeploy();
    const human = async () => {
      await world.clock.sleep(2_000);
      world.cloud.editTraffic(world.ref, [
        { revision: name('web-2'), percent: 99 },
        { revision: name('web-1'), percent: 1 },
      ]);
    };
    world.cloud.writeFaults.push({ kind: 'lost-answer', after: () => void human() });
    await world.finishBuild(build);
    expect(await world.decision('web-2', 'reverify')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'traffic-changed' }],
    });
  });

  it('waits out a cold start of the restored revision', async () => {
    const { world, build } = await aBrokenDeploy();
    let wakesAt = 0;
    world.cloud.setBehaviour(world.ref, 'web-1', () =>
      world.clock.monotonicMs() < wakesAt ? answers.unavailable() : answers.good(),
    );
    world.cloud.writeFaults.push({
      kind: 'lost-answer',
      after: () => (wakesAt = world.clock.monotonicMs() + 40_000),
    });
    await world.finishBuild(build);
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'restored' } });
  });

  it('is not cut short by a newer deploy without traffic', async () => {
    const { world } = await aBrokenDeploy();
    world.cloud.editTraffic(world.ref, [{ revision: name('web-2'), percent: 100 }, ...(await world.tags())]);
    await world.publish('begin-validation', { kind: 'build', name: [...world.cloud.builds.keys()][0] ?? '' });
    await world.clock.sleep(3_000);
    const broken = () => world.cloud.setBehaviour(world.ref, 'web-1', answers.unavailable);
    world.cloud.writeFaults.push({ kind: 'lost-answer', after: broken });
    await world.finishBuild(world.deployByBuild('web-3'));
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'unrestored' } });
  });
});

describe('a rollback', () => {
  it('is not made over a newer ready revision that LATEST is about to go to', async () => {
    const { world, build } = await aBrokenDeploy();
    let lagging = false;
    const deploy = () => {
      world.cloud.deploy(world.ref, 'web-3');
      lagging = true;
    };
    world.cloud.writeFaults.push({ kind: 'conflict', before: deploy });
    world.interceptService((state) => {
      if (!lagging) return state;
      const serving = state.serving.map((target) =>
        target.revision === 'web-3' ? { ...target, revision: name('web-2') } : target,
      );
      return { ...state, reconciling: true, latestReadyRevision: name('web-2'), serving };
    });
    await world.finishBuild(build);
    expect(world.cloud.writes).toHaveLength(0);
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'newer-revision' } });
  });

  it('works with a tag on a deleted revision, which Cloud Run refuses in every write', async () => {
    const world = await World.create();
    world.cloud.deploy(world.ref, 'web-0');
    await world.deployGood('web-1');
    world.cloud.editTraffic(world.ref, [
      { percent: 100 },
      ...(await world.tags()),
      { revision: name('web-0'), percent: 0, tag: 'preview' },
    ]);
    world.cloud.deleteRevision(world.ref, 'web-0');
    world.cloud.strictTags = true;
    await world.finishBuild(world.deployByBuild('web-2'));
    await world.clock.sleep(hour);
    await world.finishBuild(world.deployByBuild('web-3', { behaviour: answers.unavailable }));
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });

  it('that has landed is finished although a freeze came in between', async () => {
    const { world, build } = await aBrokenDeploy();
    const freeze = () => {
      const ref = freezeOf(serviceKeyOf(world.ref));
      void world.store.commit([create(ref, { reason: 'by hand', at: world.clock.now() })]);
    };
    world.cloud.writeFaults.push({ kind: 'lost-answer', after: freeze });
    await world.finishBuild(build);
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'restored' } });
    expect(await world.service()).toMatchObject({ pin: { target: 'web-1' }, rollbacks: [{ from: 'web-2' }] });
  });
});

describe('a tag that has just moved', () => {
  it('does not let its former owner answer for the new one', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    world.cloud.deploy(world.ref, 'web-2');
    const split = async (owner: string, percent: number) => {
      const kept = (await world.tags()).filter((target) => target.tag !== 'candidate');
      const served = { revision: name(owner), percent, tag: 'candidate' };
      world.cloud.editTraffic(world.ref, [
        { revision: name('web-1'), percent: 100 - percent },
        ...kept,
        served,
      ]);
    };
    await split('web-2', 0);
    await world.clock.sleep(hour);
    const build = world.deployByBuild('web-3', { behaviour: answers.unavailable });
    await split('web-3', 10);
    const movesAt = world.clock.monotonicMs() + 8_000;
    world.intercept(({ prober }) => ({
      prober: {
        probe: async (request) =>
          request.url.includes('candidate---') && world.clock.monotonicMs() < movesAt
            ? answers.good()
            : prober.probe(request),
      },
    }));
    await world.finishBuild(build);
    expect(await world.run('web-3')).toMatchObject({ verdict: 'fail' });
    expect((await world.service())?.lastGood.map((good) => good.revision)).toEqual(['web-1']);
  });
});

describe('the comparison', () => {
  it('is with the revision that is good now, not the one that was at registration', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    const older = world.deployByBuild('web-2');
    await world.publish('begin-validation', { kind: 'build', name: older });
    await world.clock.sleep(13_500);
    await world.finishBuild(world.deployByBuild('web-3', { behaviour: answers.degraded }));
    expect(await world.run('web-3')).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
  });
});

describe('what cannot be read', () => {
  it('does not keep the sweep from the rest', async () => {
    const world = await World.create();
    await world.deployGood('web-1');
    const broken = { path: runs.path, schema: z.object({ dueAt: z.date() }) };
    await world.store.commit([create(documentIn(broken, 'a'.repeat(20)), { dueAt: world.clock.now() })]);
    world.cloud.deploy(world.ref, 'web-2', { behaviour: answers.unavailable });
    await world.clock.sleep(60_000);
    await world.sweep();
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('is asked for again, since it may be allowed by then', async () => {
    const { world, build } = await aBrokenDeploy();
    let builds = 0;
    world.intercept(({ builds: real }) => ({
      builds: {
        getBuild: async (wanted) => {
          if (++builds < 3) throw new Error('not yet');
          return real.getBuild(wanted);
        },
      },
    }));
    await world.finishBuild(build);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });
});

it.each([3, -3])('an executor whose clock is %s hours off rolls back all the same', async (hours) => {
  const { world, build } = await aBrokenDeploy();
  const { clock } = world;
  const off = {
    now: () => new Date(clock.now().getTime() + hours * hour),
    monotonicMs: () => clock.monotonicMs(),
    sleep: (ms: number) => clock.sleep(ms),
  };
  world.intercept((_ports, hop) => (hop === 'route-traffic' ? { clock: off } : {}));
  await world.finishBuild(build);
  expect(await world.serving()).toEqual({ 'web-1': 100 });
});

it('a revision without traffic is probed by a tag, whatever Cloud Run calls it', async () => {
  const world = await World.create({ config: aConfig(aServiceConfig()) });
  await world.deployGood('web-1');
  world.cloud.editTraffic(world.ref, [{ revision: name('web-1'), percent: 100 }, ...(await world.tags())]);
  await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
  expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', action: 'none' });
  expect(world.cloud.probed.some((url) => url.includes('---'))).toBe(true);
});
