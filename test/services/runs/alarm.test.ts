import { describe, expect, it } from '@jest/globals';
import type { ConfigDigest } from '../../../shared/domain/ids.ts';
import { applyConfig } from '../../../shared/services/apply-config.ts';
import { aConfig, aServiceConfig, type ServiceChanges } from '../../builders.ts';
import { answers, respond } from '../../world/fake-cloud.ts';
import { sweepForMinutes } from '../../world/sweep-for-minutes.ts';
import { World } from '../../world/world.ts';

const watch = { for: '10m', minimum: '60s', interval: '10s' };
const overloaded = () => respond(429, 'Rate exceeded.');

async function aWorld(changes: ServiceChanges = {}): Promise<World> {
  const world = await World.create({ config: aConfig(aServiceConfig(changes)) });
  await world.deployGood('web-1');
  return world;
}

describe('what users get without being known to be good', () => {
  it('is judged though nobody told of it: a revision with 40 % of the traffic', async () => {
    const world = await aWorld();
    world.cloud.deploy(world.ref, 'web-2', { behaviour: answers.unavailable });
    await world.fixTraffic(['web-1', 60], ['web-2', 40]);
    await sweepForMinutes(world, 1);
    expect(await world.run('web-2')).toMatchObject({ openedBy: 'sweep', outcome: { code: 'restored' } });
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it.each([
    [5, 'unverified-revision'],
    [4, undefined],
  ])('is an open alarm from five percent on: %s %%', async (percent, code) => {
    const world = await aWorld({ rollback: { ...aServiceConfig().rollback, policy: 'notify' } });
    world.cloud.deploy(world.ref, 'web-2', { behaviour: answers.unavailable });
    await world.fixTraffic(['web-1', 100 - percent], ['web-2', percent]);
    await sweepForMinutes(world, 3);
    expect((await world.service())?.alarm?.code).toBe(code);
  });

  it('is an open alarm: a revision judged bad to which Terraform gives all traffic again', async () => {
    const world = await aWorld();
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    await world.clock.sleep(3_600_000);
    world.cloud.editTraffic(world.ref, [{ percent: 100 }]);
    await sweepForMinutes(world, 1);
    expect(await world.run('web-2', 2)).toMatchObject({ authority: 'record', verdict: 'fail' });
    expect((await world.service())?.alarm).toMatchObject({
      code: 'unverified-revision',
      revision: 'web-2',
    });
  });

  it('is no alarm any more once the service is out of the config', async () => {
    const world = await aWorld({ rollback: { ...aServiceConfig().rollback, policy: 'notify' } });
    world.cloud.deploy(world.ref, 'web-2', { behaviour: answers.unavailable });
    await sweepForMinutes(world, 3);
    expect((await world.service())?.alarm).toMatchObject({ revision: 'web-2' });
    const others = aConfig(aServiceConfig({ name: 'api', service: 'api' }));
    await applyConfig(others, 'f'.repeat(20) as ConfigDigest, world.ports);
    expect((await world.service())?.alarm).toBeUndefined();
  });

  it('is judged again: a revision that was never ready, and becomes so later', async () => {
    const world = await aWorld();
    const readiness = { kind: 'failed', reason: 'SECRETS_ACCESS_CHECK_FAILED', message: 'denied' } as const;
    await world.finishBuild(world.deployByBuild('web-2', { readiness, behaviour: answers.unavailable }));
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', reasons: [{ code: 'never-ready' }] });
    world.cloud.setReadiness(world.ref, 'web-2', { kind: 'ready' });
    expect(await world.serving()).toEqual({ 'web-2': 100 });
    await sweepForMinutes(world, 1);
    expect(await world.run('web-2', 2)).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('is judged once stable is well again: a bad revision that came in a bad minute of stable', async () => {
    const world = await aWorld({ watch });
    const sinceMs = world.clock.monotonicMs();
    world.cloud.setBehaviour(world.ref, 'web-1', () =>
      world.clock.monotonicMs() - sinceMs < 60_000 ? answers.unavailable() : answers.good(),
    );
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect(await world.run('web-2')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'dependency' }, {}],
    });
    await sweepForMinutes(world, 1);
    expect(await world.run('web-2', 2)).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });
});

describe('a revision that is held back from users without a verdict', () => {
  it('is tried again: the overload of a few seconds costs no promotion', async () => {
    const world = await aWorld({ mode: 'gate', watch });
    await world.fixTraffic(['web-1', 100]);
    let probes = 0;
    const behaviour = () => (++probes < 8 ? overloaded() : answers.good());
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await world.run('web-2')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'overload' }],
    });
    await sweepForMinutes(world, 5);
    expect(await world.serving()).toEqual({ 'web-2': 100 });
    expect((await world.service())?.alarm).toBeUndefined();
  });

  it('is tried a bounded number of times, and stays an open alarm', async () => {
    const world = await aWorld({ mode: 'gate', watch });
    await world.fixTraffic(['web-1', 100]);
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: overloaded }));
    await sweepForMinutes(world, 180);
    expect(await world.run('web-2', 6)).toMatchObject({ verdict: 'inconclusive' });
    expect(await world.run('web-2', 7)).toBeUndefined();
    expect((await world.service())?.alarm).toMatchObject({
      code: 'unvalidated-revision',
      revision: 'web-2',
    });
  });
});
