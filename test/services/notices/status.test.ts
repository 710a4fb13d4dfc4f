import { beforeEach, describe, expect, it } from '@jest/globals';
import { PermanentError } from '../../../shared/domain/errors.ts';
import { aConfig } from '../../builders.ts';
import { sweepForMinutes } from '../../world/sweep-for-minutes.ts';
import { World } from '../../world/world.ts';
import { aToldService, commit, deploy, noticeOf } from './told.ts';

let world: World;

async function worldWith(github: object): Promise<void> {
  world = await World.create({ config: aConfig(aToldService({ github: { issues: false, ...github } })) });
  await world.deployGood('web-1');
}

describe('the status of a commit', () => {
  beforeEach(() => worldWith({}));

  it('follows the run: a deployment and a check run, in few calls', async () => {
    await deploy(world, 'web-2', true);
    expect(world.scm.deployments).toMatchObject([
      { sha: commit, environment: 'web', isProduction: false, statuses: [{}, { state: 'success' }] },
    ]);
    expect([...world.scm.checkRuns.values()]).toMatchObject([
      { sha: commit, status: 'completed', conclusion: 'success', name: 'Deploy Loop: web' },
    ]);
    expect(world.scm.calls.length).toBeLessThanOrEqual(6);
  });

  it('is a failure with its cause where the run fails', async () => {
    await deploy(world, 'web-2', false);
    expect(world.scm.deployments[0]?.statuses.at(-1)).toMatchObject({ state: 'failure' });
    expect([...world.scm.checkRuns.values()]).toMatchObject([
      { conclusion: 'failure', title: expect.stringContaining('1 cause') },
    ]);
  });

  it('is left out without a commit, or with a short one', async () => {
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await noticeOf(world, 'web-2', 'status')).toBeUndefined();
    expect(world.scm.calls).toEqual([]);
  });

  it('is told as far as it is permitted, and the rest is noted', async () => {
    world.scm.before = (call) => {
      if (call === 'statuses.ensureDeployment') throw new PermanentError('deployments: 403');
    };
    await deploy(world, 'web-2', true);
    expect(world.scm.checkRuns.size).toBe(1);
    expect(await noticeOf(world, 'web-2', 'status')).toMatchObject({
      state: 'done',
      told: { note: 'the deployment was not written: deployments: 403' },
    });
  });

  it('looks again after it was asked for while a worker was at it', async () => {
    let asked = false;
    world.scm.before = async (call) => {
      if (call !== 'statuses.putCheckRun' || asked) return;
      asked = true;
      // The facts change while the first text is being written; what asks for it finds a worker at it.
      const [deployment] = world.scm.deployments;
      if (deployment) deployment.statuses.length = 0;
      await world.publish('notify', { noticeId: `${world.runIdOf('web-2')}.status` });
      await new Promise((resolve) => setImmediate(resolve));
    };
    await deploy(world, 'web-2', true);
    expect(asked).toBe(true);
    expect(world.scm.deployments[0]?.statuses.at(-1)).toMatchObject({ state: 'success' });
    expect(await noticeOf(world, 'web-2', 'status')).toMatchObject({
      state: 'done',
      nudges: expect.any(Number),
    });
  });

  it('has no check run by a token, which GitHub does not let write one', async () => {
    await worldWith({ auth: { token: { env: 'GITHUB_TOKEN' } }, environment: 'production' });
    await deploy(world, 'web-2', true);
    expect(world.scm.deployments).toMatchObject([{ environment: 'production', isProduction: true }]);
    expect(world.scm.checkRuns.size).toBe(0);
    expect(world.scm.connections[0]).toEqual({
      apiUrl: 'https://api.github.com',
      auth: { kind: 'token', token: { env: 'GITHUB_TOKEN' } },
    });
  });
});

describe('the comment on a pull request', () => {
  it('is left out where no merged pull request brought the commit', async () => {
    await worldWith({ status: false, comment: true });
    await deploy(world, 'web-2', false);
    await sweepForMinutes(world, 2);
    expect(world.scm.comments).toEqual([]);
    expect(await noticeOf(world, 'web-2', 'pull-comment')).toMatchObject({ state: 'done' });
  });
});
