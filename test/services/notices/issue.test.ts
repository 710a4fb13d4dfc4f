import { beforeEach, describe, expect, it } from '@jest/globals';
import { aConfig } from '../../builders.ts';
import { sweepForMinutes } from '../../world/sweep-for-minutes.ts';
import { World } from '../../world/world.ts';
import { allIssues, aToldService, deploy, noticeOf } from './told.ts';

let world: World;

beforeEach(async () => {
  world = await World.create({ config: aConfig(aToldService({ github: { status: false } })) });
  await world.deployGood('web-1');
});

describe('the issue of a run', () => {
  it('tells of a rollback, in at most five calls', async () => {
    await deploy(world, 'web-2', false);
    expect(world.scm.issues).toMatchObject([
      {
        state: 'open',
        title: expect.stringMatching(/^Deploy failed: web: /),
        labels: ['deploy-loop:web', 'P1', 'deploy-loop'],
      },
    ]);
    expect(world.scm.issues[0]?.body).toContain('traffic is back on web-1'.replace('t', 'T'));
    expect(await noticeOf(world, 'web-2', 'issue')).toMatchObject({
      state: 'done',
      told: { url: 'https://github.com/acme/shop/issues/1' },
    });
    expect(world.scm.calls.length).toBeLessThanOrEqual(5);
    expect(world.scm.comments).toEqual([]);
  });

  it('is the same for the next failure by the same cause, with one line for each', async () => {
    await deploy(world, 'web-2', false);
    await deploy(world, 'web-3', false);
    await deploy(world, 'web-4', false);
    expect(world.scm.issues).toHaveLength(1);
    expect(world.scm.comments).toHaveLength(1);
    expect(world.scm.comments[0]?.body).toContain('3 runs with this cause');
    expect(world.scm.issues[0]?.body).toContain('web-4');
  });

  it('is closed by the deploy that mends it, and opened again by the next failure', async () => {
    await deploy(world, 'web-2', false);
    await deploy(world, 'web-3', true);
    expect(world.scm.issues).toMatchObject([{ state: 'closed' }]);
    expect(world.scm.comments[0]?.body).toContain('**Solved**: `web-3`');
    await deploy(world, 'web-4', false);
    expect(world.scm.issues).toMatchObject([{ state: 'open' }]);
    expect(world.scm.comments).toHaveLength(1);
    expect(world.scm.comments[0]?.body).toContain('**Open**: 2 runs');
  });

  it('is not closed by another pass of the revision that the rollback went back to', async () => {
    await deploy(world, 'web-2', false);
    await world.ask('web-1', 'rerun');
    expect(await world.run('web-1', 1)).toMatchObject({ verdict: 'pass' });
    await sweepForMinutes(world, 2);
    expect(world.scm.issues).toMatchObject([{ state: 'open' }]);
  });

  it('stays closed by a person until the next failure', async () => {
    // Before the run has ended, whose end is still written to it.
    world.scm.after = (call) => {
      if (call === 'issues.create') for (const made of world.scm.issues) made.state = 'closed';
    };
    await deploy(world, 'web-2', false);
    const [issue] = world.scm.issues;
    expect(world.scm.count('issues.update')).toBe(1);
    expect(issue?.state).toBe('closed');
    await deploy(world, 'web-3', false);
    expect(issue?.state).toBe('open');
  });

  it('keeps the labels that people have added when its priority changes', async () => {
    await deploy(world, 'web-2', false);
    const [issue] = world.scm.issues;
    if (issue) issue.labels = [...issue.labels, 'team-a'];
    // The pin keeps users from it.
    await deploy(world, 'web-3', false);
    expect(issue?.labels).toContain('team-a');
    expect(issue?.labels).toContain('P2');
    expect(issue?.labels).not.toContain('P1');
  });

  it('is made anew where it was deleted', async () => {
    await deploy(world, 'web-2', false);
    world.scm.issues.length = 0;
    await deploy(world, 'web-3', false);
    await sweepForMinutes(world, 2);
    expect(world.scm.issues).toMatchObject([{ state: 'open', body: expect.stringContaining('web-3') }]);
    expect((await allIssues(world)).map(({ data }) => data.number)).toEqual([1]);
  });

  it('is not written about a run that only observes, or where no repository is named', async () => {
    await world.applyConfig(aConfig());
    await deploy(world, 'web-2', false);
    expect(world.scm.calls).toEqual([]);
  });
});
