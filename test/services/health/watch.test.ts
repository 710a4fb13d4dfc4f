import { beforeEach, describe, expect, it } from '@jest/globals';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { answers } from '../../world/fake-cloud.ts';
import { users } from '../../world/users.ts';
import { World } from '../../world/world.ts';

const watched = aConfig(aServiceConfig({ watch: { for: '10m', minimum: '60s', interval: '10s' } }));

describe('the watch after all traffic has moved', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.create({ config: watched });
    await world.deployGood('web-1');
  });

  /** Answers well until the n-th probe. */
  function goodUntil(n: number) {
    let probes = 0;
    return () => (++probes < n ? answers.good() : answers.unavailable());
  }

  it('is what makes a revision last good, in full', async () => {
    const build = world.deployByBuild('web-2');
    const goodAt: number[] = [];
    world.cloud.setBehaviour(world.ref, 'web-2', (request) => {
      // The standing tag is tried once it is recorded.
      if (request?.url.includes('---')) return answers.good();
      void world.service().then((service) => goodAt.push(service?.lastGood.length ?? 0));
      return answers.good();
    });
    await world.finishBuild(build);
    expect(Math.max(...goodAt)).toBe(1);
    expect((await world.service())?.lastGood[0]).toMatchObject({ revision: 'web-2', short: false });
    const watch = await world.decision('web-2', 'watch');
    expect((watch?.at.getTime() ?? 0) - (watch?.startedAt.getTime() ?? 0)).toBeGreaterThanOrEqual(600_000);
  });

  it('rolls back a burst of 503 minutes after the deploy', async () => {
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: goodUntil(30) }));
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
    expect(await world.decision('web-2', 'health')).toMatchObject({ verdict: 'pass' });
    expect(await world.decision('web-2', 'watch')).toMatchObject({ verdict: 'fail', action: 'rollback' });
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('decides soon after the first bad answer: the next looks come as fast as in the health stage', async () => {
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: goodUntil(30) }));
    const facts = await world.facts('web-2', 'watch');
    const firstBad = facts.find((fact) => fact.candidate?.kind === 'bad');
    const decided = await world.decision('web-2', 'watch');
    expect((decided?.at.getTime() ?? 0) - (firstBad?.at.getTime() ?? 0)).toBeLessThan(6_000);
  });

  it('does not blame the revision for what fails on stable too', async () => {
    let probes = 0;
    world.cloud.setBehaviour(world.ref, 'web-1', answers.unavailable);
    const behaviour = () => (++probes < 30 ? answers.good() : answers.unavailable());
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await world.decision('web-2', 'watch')).toMatchObject({
      verdict: 'inconclusive',
      alert: true,
      reasons: [{ code: 'dependency' }, {}],
    });
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });

  it('sees what users get: errors in their requests roll back while every probe is good', async () => {
    world.cloud.users.set('web-1', users(100));
    world.cloud.users.set('web-2', users(40, 8));
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.decision('web-2', 'watch')).toMatchObject({
      verdict: 'fail',
      reasons: [{ code: 'request-errors' }, { code: 'stable-good' }],
    });
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('passes on probes alone where there are too few users, and says so', async () => {
    world.cloud.users.set('web-2', users(1, 1));
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.decision('web-2', 'watch')).toMatchObject({
      verdict: 'pass',
      reasons: [{ code: 'healthy' }, { code: 'few-requests' }],
    });
  });

  it('is no pass where the entries of the log are late or excluded', async () => {
    world.cloud.logFaults.push(...Array<'excluded'>(60).fill('excluded'));
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.run('web-2')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'request-log' }],
    });
    expect((await world.service())?.lastGood.map((good) => good.revision)).toEqual(['web-1']);
  });

  it.each([
    ['long enough makes it good, marked short', 20, ['web-2', 'web-1'], 'pass'],
    ['too short makes it nothing', 6, ['web-1'], 'superseded'],
  ])('that a newer deploy ends %s', async (_what, probesBefore, good, verdict) => {
    const build = world.deployByBuild('web-2');
    let probes = 0;
    world.cloud.setBehaviour(world.ref, 'web-2', () => {
      if (++probes === probesBefore)
        void world.publish('begin-validation', {
          kind: 'build',
          name: world.deployByBuild('web-3', { behaviour: answers.unavailable }),
        });
      return answers.good();
    });
    await world.finishBuild(build);
    expect((await world.service())?.lastGood.map((entry) => entry.revision)).toEqual(good);
    expect(await world.run('web-2')).toMatchObject({ verdict });
    expect(await world.serving()).toEqual({ [good[0] ?? '']: 100 });
    if (good.length > 1) expect((await world.service())?.lastGood[0]?.short).toBe(true);
  });

  it('ends without blame when a human moves traffic away', async () => {
    const build = world.deployByBuild('web-2');
    let probes = 0;
    world.cloud.setBehaviour(world.ref, 'web-2', () => {
      if (++probes === 20) void world.fixTraffic(['web-1', 100]);
      return answers.good();
    });
    await world.finishBuild(build);
    expect(await world.run('web-2')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'traffic-changed' }],
    });
    expect((await world.service())?.lastGood.map((good) => good.revision)).toEqual(['web-1']);
  });

  it('leaves a newer deploy without an event to the sweep, and that one is judged', async () => {
    const build = world.deployByBuild('web-2');
    let probes = 0;
    world.cloud.setBehaviour(world.ref, 'web-2', () => {
      if (++probes === 20) world.cloud.deploy(world.ref, 'web-3', { behaviour: answers.unavailable });
      return answers.good();
    });
    await world.finishBuild(build);
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
    await world.clock.sleep(60_000);
    await world.sweep();
    expect(await world.run('web-3')).toMatchObject({
      openedBy: 'sweep',
      verdict: 'fail',
      outcome: { code: 'restored' },
    });
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });

  it('takes a migration for a reason to freeze in place of rolling back', async () => {
    const labels = { 'deploy-loop-migration': 'true' };
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: goodUntil(30), labels }));
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', action: 'none' });
    expect(await world.serving()).toEqual({ 'web-2': 100 });
    expect(await world.frozen()).toBe('rollback.policy is freeze');
  });

  it('does not pass while Cloud Run has accepted a promotion and gives users nothing of it', async () => {
    const watch = { for: '2m', minimum: '60s', interval: '10s' };
    world = await World.create({ config: aConfig(aServiceConfig({ mode: 'gate', watch })) });
    await world.deployGood('web-1');
    await world.fixTraffic(['web-1', 100]);
    const build = world.deployByBuild('web-2');
    world.interceptService((state) =>
      state.traffic.some(({ revision, percent }) => revision === 'web-2' && percent > 0)
        ? {
            ...state,
            reconciling: true,
            serving: [
              { revision: 'web-1' as RevisionName, percent: 100 },
              ...state.serving
                .filter(({ tag }) => tag !== undefined)
                .map((target) => ({ ...target, percent: 0 })),
            ],
          }
        : state,
    );
    await world.finishBuild(build);
    expect(await world.run('web-2')).toMatchObject({ state: 'closed', verdict: 'inconclusive' });
    expect((await world.service())?.lastGood.map(({ revision }) => revision)).toEqual(['web-1']);
  });
});
