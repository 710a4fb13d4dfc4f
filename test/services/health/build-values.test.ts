import { beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { documentIn } from '../../../shared/contracts/document.ts';
import { runs } from '../../../shared/contracts/records.ts';
import { CommandSuiteSchema } from '../../../shared/contracts/suites/command-suite.ts';
import { HttpSuiteSchema } from '../../../shared/contracts/suites/http-suite.ts';
import type { BuildId } from '../../../shared/domain/ids.ts';
import { create } from '../../../shared/ports/store.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { answers, type Behaviour, respond } from '../../world/fake-cloud.ts';
import { World } from '../../world/world.ts';

const { health: usual } = aServiceConfig();
const versioned = { status: 'healthy', version: `\${COMMIT_SHA}` };
const health = { ...usual, expect: { ...usual.expect, json: versioned } };

const commits = { 'web-1': '1111111', 'web-2': '2222222' } as const;
type Name = keyof typeof commits;
const says = (version: string) => () => respond(200, JSON.stringify({ status: 'healthy', version }));
const down = () => respond(503, 'down');

async function deployIn(
  world: World,
  name: Name,
  behaviour: Behaviour,
  commit: string | null = commits[name],
): Promise<void> {
  const id = `00000000-0000-0000-0000-00000000000${name.at(-1)}` as BuildId;
  world.cloud.deploy(world.ref, name, { behaviour, labels: { 'gcb-build-id': id } });
  await world.finishBuild(
    world.addBuild({ id, substitutions: commit === null ? {} : { COMMIT_SHA: commit } }),
  );
}

describe('health that expects the commit of its build', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.create({ config: aConfig(aServiceConfig({ health })) });
  });

  const deploy = (name: Name, behaviour: Behaviour, commit?: string | null) =>
    deployIn(world, name, behaviour, commit);
  const outcomes = async () => {
    const run = await world.run('web-2');
    return { verdict: run?.verdict, outcome: run?.outcome?.code, serving: await world.serving() };
  };

  it('passes a revision that says the commit', async () => {
    await deploy('web-1', says('1111111'));
    await deploy('web-2', says('2222222'));
    expect(await outcomes()).toMatchObject({ verdict: 'pass', serving: { 'web-2': 100 } });
  });

  it('rolls back a stale image where stable says its own commit', async () => {
    await deploy('web-1', says('1111111'));
    await deploy('web-2', says('1111111'));
    expect(await outcomes()).toEqual({ verdict: 'fail', outcome: 'restored', serving: { 'web-1': 100 } });
    expect((await world.run('web-2'))?.reasons[0]).toMatchObject({
      code: 'wrong-body',
      text: '$.version is "1111111", expected "2222222"',
    });
  });

  it('blames nobody where stable says a wrong commit too: the expectation is what is wrong', async () => {
    await deploy('web-1', says('1111111'));
    world.cloud.setBehaviour(world.ref, 'web-1', says('none'));
    await deploy('web-2', says('none'));
    expect(await outcomes()).toMatchObject({ verdict: 'inconclusive', serving: { 'web-2': 100 } });
  });

  it('moves no traffic for a stale image where the commit of stable is not known', async () => {
    await world.deployGood('web-1');
    world.cloud.setBehaviour(world.ref, 'web-1', says('1111111'));
    await deploy('web-2', says('1111111'));
    expect(await outcomes()).toMatchObject({ verdict: 'inconclusive', serving: { 'web-2': 100 } });
    expect((await world.run('web-2'))?.reasons[0]).toMatchObject({
      code: 'stable-unreachable',
      text: expect.stringContaining(`\${COMMIT_SHA} is not known: no build of web-1 is recorded`),
    });
  });

  it.each([
    ['is not known', async () => void (await world.deployGood('web-1'))],
    ['is known, and is not what it says', () => deploy('web-1', says('1111111'))],
    [
      'is in a record that cannot be read',
      async () => {
        await world.deployGood('web-1');
        const run = documentIn({ path: runs.path, schema: z.unknown() }, world.runIdOf('web-1'));
        await world.store.commit([create(run, { attempt: 'first' })]);
      },
    ],
  ])('rolls back and restores after errors, where the commit of stable %s', async (_what, start) => {
    await start();
    world.cloud.setBehaviour(world.ref, 'web-1', says('0000000'));
    await deploy('web-2', down);
    expect(await outcomes()).toEqual({ verdict: 'fail', outcome: 'restored', serving: { 'web-1': 100 } });
    expect((await world.run('web-2'))?.reasons).toMatchObject([
      { code: 'server-error' },
      { code: 'stable-good' },
    ]);
  });

  it.each([
    [
      'commit',
      'build 00000000-0000-0000-0000-000000000002 of web-2 has no COMMIT_SHA',
      async () => deploy('web-2', says('2222222'), null),
    ],
    [
      'build',
      'no build of web-2 is recorded',
      async () => {
        world.cloud.deploy(world.ref, 'web-2', { behaviour: says('2222222') });
        await world.ask('web-2', 'rerun');
        await world.bus.idle();
      },
    ],
  ])('is inconclusive in a run without a %s, and says why', async (_what, why, start) => {
    await deploy('web-1', says('1111111'));
    await start();
    expect(await outcomes()).toMatchObject({ verdict: 'inconclusive', serving: { 'web-2': 100 } });
    expect((await world.run('web-2'))?.reasons[0]).toEqual({
      code: 'no-value',
      text: `\${COMMIT_SHA} is not known: ${why}; all else is as expected`,
    });
  });

  it('finds the build again in a later attempt that was asked for by a person', async () => {
    await deploy('web-1', says('1111111'));
    await deploy('web-2', says('2222222'));
    await world.ask('web-2', 'rerun');
    await world.bus.idle();
    expect(await world.run('web-2', 2)).toMatchObject({ verdict: 'pass', openedBy: 'rerun' });
    expect(await world.run('web-2', 2)).not.toHaveProperty('build');
  });
});

describe('checks that name the build', () => {
  it.each([
    [
      'http',
      HttpSuiteSchema.parse({
        name: 'a',
        kind: 'http',
        priority: 'P1',
        checks: [{ name: 'a', path: `/\${BUILD_ID}` }],
      }),
    ],
    [
      'command',
      CommandSuiteSchema.parse({
        name: 'a',
        kind: 'command',
        priority: 'P1',
        list: 'l',
        run: 'r {tests} {results}',
      }),
    ],
  ])('are sent with that of the revision that they ask: %s', async (_kind, suite) => {
    const world = await World.create({ config: aConfig(aServiceConfig({ suites: [suite] })) });
    world.checks.collected = () => ({ checks: [{ id: 'a' }], problems: [] });
    const built = new Map<string, string | undefined>();
    world.checks.answer = ({ revision }, { build }) => {
      built.set(revision, build?.commit);
      return revision === 'web-2' ? { outcome: 'failed' } : undefined;
    };
    await deployIn(world, 'web-1', answers.good);
    await deployIn(world, 'web-2', answers.good);
    expect(built).toEqual(new Map(Object.entries(commits)));
  });
});
