import { beforeEach, describe, expect, it } from '@jest/globals';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { answers } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const name = (revision: string) => revision as RevisionName;
const gate = aConfig(aServiceConfig({ mode: 'gate', watch: { for: '2m', minimum: '60s', interval: '10s' } }));

describe('mode gate', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.create({ config: gate });
    await world.deployGood('web-1');
    await world.fixTraffic(['web-1', 100]);
  });

  it('tries a revision at 0 %, gives it all traffic, watches it and records it as good', async () => {
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.serving()).toEqual({ 'web-2': 100 });
    expect(await world.run('web-2')).toMatchObject({ state: 'closed', verdict: 'pass', action: 'promote' });
    expect(await world.decision('web-2', 'health')).toMatchObject({ action: 'promote', next: 'watch' });
    expect(await world.decision('web-2', 'watch')).toMatchObject({ action: 'mark-good', short: false });
    expect((await world.service())?.lastGood[0]).toMatchObject({ revision: 'web-2', short: false });
  });

  it('gives a failing revision nothing, and writes no percent', async () => {
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', action: 'none' });
    expect((await world.run('web-2'))?.reasons.map((reason) => reason.code)).toContain('no-traffic');
    expect((await world.service())?.pin).toBeUndefined();
  });

  it('gives nothing to a revision to which a human gave traffic and took it back', async () => {
    const { health } = aServiceConfig();
    await world.applyConfig(aConfig(aServiceConfig({ mode: 'gate', health: { ...health, successes: 4 } })));
    let probes = 0;
    const behaviour = () => {
      probes++;
      if (probes === 1) void world.fixTraffic(['web-1', 80], ['web-2', 20]);
      if (probes === 2) void world.fixTraffic(['web-1', 100]);
      return answers.good();
    };
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    const reasons = [{ code: 'healthy-without-traffic', text: expect.stringContaining('taken away again') }];
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass', reasons });
  });

  it('takes it back when it fails in the watch, and says so', async () => {
    let probes = 0;
    const behaviour = () => (++probes <= 6 ? answers.good() : answers.unavailable());
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
    expect((await world.service())?.lastGood.map((good) => good.revision)).toEqual(['web-1']);
  });

  it('gives back a split of several good revisions as it was', async () => {
    await world.finishBuild(world.deployByBuild('web-2'));
    await world.fixTraffic(['web-1', 30], ['web-2', 70]);
    let probes = 0;
    const behaviour = () => (++probes <= 5 ? answers.good() : answers.unavailable());
    await world.finishBuild(world.deployByBuild('web-3', { behaviour }));
    expect(await world.decision('web-3', 'health')).toMatchObject({ action: 'promote' });
    expect(await world.serving()).toEqual({ 'web-1': 30, 'web-2': 70 });
    expect(await world.run('web-3')).toMatchObject({ outcome: { code: 'restored' } });
  });

  it('treats a revision that has traffic already as guard does', async () => {
    world.cloud.editTraffic(world.ref, [{ percent: 100 }, ...(await world.tags())]);
    await world.clock.sleep(60_000);
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
  });

  it('gives nothing to a revision when a newer one is ready', async () => {
    const build = world.deployByBuild('web-2');
    world.intercept((ports, hop) => {
      if (hop === 'route-traffic' && !world.cloud.has(world.ref, 'web-3'))
        world.cloud.deploy(world.ref, 'web-3');
      return ports;
    });
    await world.finishBuild(build);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect(await world.run('web-2')).toMatchObject({
      verdict: 'superseded',
      outcome: { code: 'newer-revision' },
    });
  });

  it('stands back when a human has moved traffic since the run began', async () => {
    const build = world.deployByBuild('web-2');
    world.cloud.deploy(world.ref, 'web-0', { createTime: new Date('2026-01-01T00:00:00Z') });
    world.intercept((ports, hop) => {
      if (hop === 'decide-stage') void world.fixTraffic(['web-0', 50], ['web-1', 50]);
      return ports;
    });
    await world.finishBuild(build);
    expect(await world.serving()).toEqual({ 'web-0': 50, 'web-1': 50 });
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'traffic-changed' } });
  });

  it('says that deploys must come without traffic when LATEST is left in the split', async () => {
    await world.finishBuild(world.deployByBuild('web-2'));
    world.cloud.deploy(world.ref, 'web-3', { readiness: { kind: 'ready' } });
    world.cloud.editTraffic(world.ref, [{ revision: name('web-2'), percent: 100 }, ...(await world.tags())]);
    const build = world.deployByBuild('web-4');
    // Cloud Run's own view lags: LATEST still means web-3.
    world.cloud.editTraffic(world.ref, [{ percent: 100 }, ...(await world.tags())]);
    world.interceptService((state) => ({
      ...state,
      latestReadyRevision: name('web-3'),
      serving: state.serving.map((target) =>
        target.percent > 0 ? { ...target, revision: name('web-3') } : target,
      ),
    }));
    await world.finishBuild(build);
    expect(await world.run('web-4')).toMatchObject({ outcome: { code: 'follows-latest' } });
  });
});
