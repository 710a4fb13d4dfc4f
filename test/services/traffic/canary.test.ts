import { beforeEach, describe, expect, it } from '@jest/globals';
import { pauseOf } from '../../../shared/contracts/records.ts';
import { PermanentError, TransientError } from '../../../shared/domain/errors.ts';
import { serviceKeyOf } from '../../../shared/domain/ids.ts';
import { liftControl, setControl } from '../../../shared/services/records/set-control.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { answers } from '../../world/fake-cloud.ts';
import { users } from '../../world/users.ts';
import { World } from '../../world/world.ts';

const canary = aServiceConfig({
  mode: 'canary',
  steps: [
    { percent: 5, hold: '2m' },
    { percent: 50, hold: '2m' },
    { percent: 100, hold: '2m' },
  ],
  watch: { for: '2m', minimum: '60s', interval: '10s' },
});

/** The percents that the guard wrote for the candidate, in order. */
function shares(world: World, revision: string): number[] {
  const written = world.cloud.writes.map(({ traffic }) =>
    traffic.filter((target) => target.revision === revision).reduce((sum, target) => sum + target.percent, 0),
  );
  return written.filter((share, n) => share !== (written[n - 1] ?? 0));
}

describe('mode canary', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.create({ config: aConfig(canary) });
    await world.deployGood('web-1');
    await world.fixTraffic(['web-1', 100]);
    world.cloud.users.set('web-1', users(100));
    world.cloud.users.set('web-2', users(50));
  });

  it('goes up step by step, watches, and records the revision as good', async () => {
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(shares(world, 'web-2')).toEqual([5, 50, 100]);
    expect(await world.run('web-2')).toMatchObject({ state: 'closed', verdict: 'pass' });
    expect(await world.decision('web-2', 'step-3')).toMatchObject({ verdict: 'pass', next: 'watch' });
    expect((await world.service())?.lastGood[0]).toMatchObject({ revision: 'web-2', short: false });
    expect(
      world.cloud.writes.every(({ traffic }) => traffic.reduce((sum, t) => sum + t.percent, 0) === 100),
    ).toBe(true);
  });

  it('keeps the proportions of a split beside it', async () => {
    await world.fixTraffic(['web-1', 100]);
    await world.finishBuild(world.deployByBuild('web-2'));
    await world.fixTraffic(['web-1', 25], ['web-2', 75]);
    world.cloud.users.set('web-3', users(50));
    await world.finishBuild(world.deployByBuild('web-3'));
    const first = world.cloud.writes.find(({ traffic }) =>
      traffic.some((t) => t.revision === 'web-3' && t.percent === 5),
    );
    expect(first?.traffic.filter((t) => t.percent > 0).map((t) => [t.revision, t.percent])).toEqual([
      ['web-3', 5],
      ['web-1', 24],
      ['web-2', 71],
    ]);
  });

  it('rolls back when users get errors in two windows in a row, though every probe is good', async () => {
    world.cloud.users.set('web-2', users(50, 10));
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.decision('web-2', 'step-1')).toMatchObject({
      verdict: 'fail',
      action: 'rollback',
      reasons: [{ code: 'request-errors' }, { code: 'stable-good' }],
    });
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'restored' } });
  });

  it('judges latency where the config gives a limit', async () => {
    world = await World.create({
      config: aConfig({ ...canary, requestLog: { ...canary.requestLog, p95: '500ms' } }),
    });
    await world.deployGood('web-1');
    await world.fixTraffic(['web-1', 100]);
    world.cloud.users.set('web-1', users(100));
    world.cloud.users.set('web-2', users(50, 0, 900));
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.decision('web-2', 'step-1')).toMatchObject({
      verdict: 'fail',
      reasons: [{ code: 'request-latency' }, {}],
    });
  });

  it('does not blame the revision when users of stable get errors too', async () => {
    world.cloud.users.set('web-1', users(100, 30));
    world.cloud.users.set('web-2', users(50, 20));
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.decision('web-2', 'step-1')).toMatchObject({
      verdict: 'inconclusive',
      action: 'hold',
      alert: true,
      reasons: [{ code: 'dependency' }, { code: 'request-errors' }],
    });
    expect(await world.serving()).toEqual({ 'web-1': 95, 'web-2': 5 });
  });

  it('has nothing to compare with where stable has too few users, and says so', async () => {
    world.cloud.users.set('web-1', users(3));
    world.cloud.users.set('web-2', users(50, 20));
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.decision('web-2', 'step-1')).toMatchObject({
      verdict: 'inconclusive',
      alert: true,
      reasons: [{ code: 'request-errors' }, { code: 'no-baseline' }],
    });
  });

  it.each([
    ['too few users', (w: World) => w.cloud.users.set('web-2', users(4)), 'few-requests'],
    [
      'entries that are excluded',
      (w: World) => w.cloud.logFaults.push(...Array(40).fill('excluded')),
      'request-log',
    ],
    [
      'a used-up quota',
      (w: World) =>
        w.cloud.logFaults.push(...Array.from({ length: 40 }, () => new TransientError('RESOURCE_EXHAUSTED'))),
      'request-log',
    ],
    [
      'no permission',
      (w: World) =>
        w.cloud.logFaults.push(...Array.from({ length: 40 }, () => new PermanentError('PERMISSION_DENIED'))),
      'request-log',
    ],
  ])('with %s is inconclusive, never healthy, and holds', async (_what, spoil, code) => {
    spoil(world);
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.decision('web-2', 'step-1')).toMatchObject({
      verdict: 'inconclusive',
      action: 'hold',
      alert: true,
      reasons: [{ code }],
    });
    expect(await world.serving()).toEqual({ 'web-1': 95, 'web-2': 5 });
    expect((await world.service())?.lastGood.map((good) => good.revision)).toEqual(['web-1']);
  });

  it('reads a window again whose first reading failed', async () => {
    world.cloud.logFaults.push(new TransientError('UNAVAILABLE'), new TransientError('UNAVAILABLE'));
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
  });

  it('passes scattered errors that are few, and never three in a row', async () => {
    let probes = 0;
    const behaviour = () => (++probes % 12 === 0 ? answers.unavailable() : answers.good());
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
  });

  it('gives up at once, with its share given back, when a newer revision is ready', async () => {
    const build = world.deployByBuild('web-2');
    let probes = 0;
    world.cloud.setBehaviour(world.ref, 'web-2', () => {
      if (++probes === 6)
        void world.publish('begin-validation', { kind: 'build', name: world.deployByBuild('web-3') });
      return answers.good();
    });
    world.cloud.users.set('web-3', users(50));
    await world.finishBuild(build);
    expect(await world.run('web-2')).toMatchObject({ verdict: 'superseded', outcome: { code: 'aborted' } });
    expect(shares(world, 'web-2')).toEqual([5, 0]);
    expect(await world.facts('web-2', 'step-1')).toHaveLength(3);
    expect(await world.run('web-3')).toMatchObject({ verdict: 'pass' });
    expect(await world.serving()).toEqual({ 'web-3': 100 });
  });

  it('stops where it is when a human changes traffic', async () => {
    const build = world.deployByBuild('web-2');
    let probes = 0;
    world.cloud.setBehaviour(world.ref, 'web-2', () => {
      if (++probes === 6) void world.fixTraffic(['web-1', 80], ['web-2', 20]);
      return answers.good();
    });
    await world.finishBuild(build);
    expect(await world.serving()).toEqual({ 'web-1': 80, 'web-2': 20 });
    expect(await world.run('web-2')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'traffic-changed' }],
    });
  });

  it('waits at its step while it is paused, still rolls back there, and goes on when it is resumed', async () => {
    const pause = pauseOf(serviceKeyOf(world.ref));
    const build = world.deployByBuild('web-2');
    let probes = 0;
    world.cloud.setBehaviour(world.ref, 'web-2', () => {
      probes++;
      if (probes === 6) void setControl(pause, { reason: 'looking', actor: 'ann' }, world.ports);
      if (probes === 40) void liftControl(pause, 'ann', world.ports);
      return answers.good();
    });
    await world.finishBuild(build);
    const first = await world.decision('web-2', 'step-1');
    expect((first?.at.getTime() ?? 0) - (first?.startedAt.getTime() ?? 0)).toBeGreaterThan(10 * 60_000);
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
  });

  it('is rolled back while it is paused, if it fails', async () => {
    const pause = pauseOf(serviceKeyOf(world.ref));
    let probes = 0;
    const behaviour = () => {
      if (++probes === 6) void setControl(pause, { reason: 'looking', actor: 'ann' }, world.ports);
      return probes > 30 ? answers.unavailable() : answers.good();
    };
    await world.finishBuild(world.deployByBuild('web-2', { behaviour }));
    expect(await world.run('web-2')).toMatchObject({ verdict: 'fail', outcome: { code: 'restored' } });
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });
});
