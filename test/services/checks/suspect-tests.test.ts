import { beforeEach, describe, expect, it } from '@jest/globals';
import { CommandSuiteSchema } from '../../../shared/contracts/suites/command-suite.ts';
import { TransientError } from '../../../shared/domain/errors.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { users } from '../../world/users.ts';
import { World } from '../../world/world.ts';

const e2e = CommandSuiteSchema.parse({
  name: 'e2e',
  kind: 'command',
  priority: 'P1',
  list: 'true',
  run: 'true {tests} {results}',
});

async function aWorld(suspect: 'report' | 'not-run'): Promise<World> {
  const tests = { ...aServiceConfig().tests, suspect };
  const world = await World.create({ config: aConfig(aServiceConfig({ suites: [e2e], tests })) });
  world.checks.collected = () => ({ checks: [{ id: 'a' }, { id: 'b' }], problems: [] });
  await world.deployGood('web-1');
  return world;
}

const deploy = (world: World) => world.finishBuild(world.deployByBuild('web-2'));

describe('tests of commands whose requests nobody has seen', () => {
  let world: World;
  beforeEach(async () => {
    world = await aWorld('not-run');
  });

  it('are taken as not run: no pass', async () => {
    await deploy(world);
    expect(await world.decision('web-2', 'tests')).toMatchObject({
      verdict: 'inconclusive',
      action: 'none',
      reasons: [{ code: 'suspect-tests', text: expect.stringContaining('e2e: a, e2e: b') }],
    });
  });

  it('pass when the request log shows some', async () => {
    world.cloud.users.set('web-2', users(1));
    await deploy(world);
    expect(await world.decision('web-2', 'tests')).toMatchObject({ verdict: 'pass' });
  });

  it('are taken as not run also where they had failed before', async () => {
    world.checks.answer = ({ attempt }) => (attempt === 1 ? { outcome: 'errored' } : undefined);
    await deploy(world);
    expect(await world.decision('web-2', 'tests')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'suspect-tests' }],
    });
  });

  it('take no time, and are no pass also where they had failed before', async () => {
    world.cloud.users.set('web-2', users(1));
    world.checks.answer = ({ attempt }) => (attempt === 1 ? { outcome: 'errored' } : { durationMs: 0 });
    await deploy(world);
    expect(await world.decision('web-2', 'tests')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'suspect-tests' }],
    });
  });

  it('blame nobody where what passed on stable may not have run', async () => {
    world.checks.answer = ({ revision }) =>
      revision === 'web-1' ? { durationMs: 0 } : { outcome: 'failed', detail: 'no' };
    await deploy(world);
    expect(await world.decision('web-2', 'tests')).toMatchObject({
      verdict: 'inconclusive',
      action: 'none',
      reasons: [{ code: 'tests-not-compared' }],
    });
  });

  it('pass when the requests come late', async () => {
    let looks = 0;
    world.cloud.users.set('web-2', (query) => (++looks === 1 ? [] : users(1)(query)));
    await deploy(world);
    expect(await world.decision('web-2', 'tests')).toMatchObject({ verdict: 'pass' });
  });

  it.each([
    ['cannot be read', () => new TransientError('quota')],
    ['leaves out the probes too', () => 'excluded' as const],
  ])('are believed when the log %s: it says nothing of them', async (_what, fault) => {
    world.cloud.logFaults.push(fault(), fault());
    await deploy(world);
    expect(await world.decision('web-2', 'tests')).toMatchObject({ verdict: 'pass' });
  });

  it('are believed by default, and nothing is waited for', async () => {
    world = await aWorld('report');
    await deploy(world);
    expect(await world.decision('web-2', 'tests')).toMatchObject({ verdict: 'pass' });
  });
});
