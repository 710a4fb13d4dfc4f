import { beforeEach, describe, expect, it } from '@jest/globals';
import { abortOf, freezeOf, killSwitch } from '../../../shared/contracts/records.ts';
import { serviceKeyOf } from '../../../shared/domain/ids.ts';
import { liftControl, setControl } from '../../../shared/services/records/set-control.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { aroundStore } from '../../world/around-store.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const request = { reason: 'incident 42', actor: 'ann' };
const canary = aConfig(
  aServiceConfig({
    mode: 'canary',
    steps: [
      { percent: 10, hold: '2m' },
      { percent: 100, hold: '2m' },
    ],
    watch: { for: '5m', minimum: '60s', interval: '10s' },
    requestLog: { ...aServiceConfig().requestLog, use: 'off' },
  }),
);

describe('controls', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.create({ config: canary });
    await world.deployGood('web-1');
    await world.fixTraffic(['web-1', 100]);
  });

  /** Deploys web-2, and does something when it is probed for the n-th time. */
  async function deployAnd(n: number, work: () => unknown, behaviour = answers.good): Promise<void> {
    let probes = 0;
    const answer = () => {
      if (++probes === n) void work();
      return behaviour();
    };
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answer }));
  }

  it.each([
    ['the kill switch', () => killSwitch],
    ['a freeze', (w: World) => freezeOf(serviceKeyOf(w.ref))],
  ])('%s stops every automatic write within one message, whatever was decided', async (_what, control) => {
    const build = world.deployByBuild('web-2');
    world.intercept((ports, hop) => {
      if (hop === 'route-traffic') {
        const { store } = ports;
        const find: typeof store.find = async (query) => {
          // The effect is being worked on already.
          if (query.collection.path === 'intents') await setControl(control(world), request, world.ports);
          return store.find(query);
        };
        return { ...ports, store: aroundStore(store, { find }) };
      }
      return ports;
    });
    await world.finishBuild(build);
    expect(world.cloud.writes).toHaveLength(0);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('an abort in a step gives the share back, and ends the run', async () => {
    await deployAnd(6, () => setControl(abortOf(world.runIdOf('web-2')), request, world.ports));
    expect(await world.run('web-2')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'aborted', text: 'cancelled: incident 42' }],
      outcome: { code: 'aborted' },
    });
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('an abort before the first step ends the run and moves nothing', async () => {
    await deployAnd(2, () => setControl(abortOf(world.runIdOf('web-2')), request, world.ports));
    expect(await world.run('web-2')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'aborted' }],
    });
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('a frozen run is judged again once the freeze is lifted and it serves', async () => {
    const freeze = freezeOf(serviceKeyOf(world.ref));
    await setControl(freeze, request, world.ports);
    world.cloud.editTraffic(world.ref, [{ percent: 100 }, ...(await world.tags())]);
    await world.clock.sleep(60_000);
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect(await world.run('web-2')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'frozen' }],
    });
    expect(await liftControl(freeze, 'ann', world.ports)).toBe('incident 42');
    await world.clock.sleep(60_000);
    await world.sweep();
    expect(await world.run('web-2', 2)).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
  });

  it('a control that is on keeps its first reason, and one that is off cannot be lifted', async () => {
    expect(await setControl(killSwitch, request, world.ports)).toBe(true);
    expect(await setControl(killSwitch, { reason: 'other', actor: 'bob' }, world.ports)).toBe(false);
    expect(await liftControl(killSwitch, 'ann', world.ports)).toBe('incident 42');
    expect(await liftControl(killSwitch, 'ann', world.ports)).toBeUndefined();
  });
});
