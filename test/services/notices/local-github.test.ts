import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { appId, closeWorlds, GithubWorld, installationId, repo } from '../../adapters/github/github-world.ts';
import { aConfig } from '../../builders.ts';
import { sweepForMinutes } from '../../world/sweep-for-minutes.ts';
import { World } from '../../world/world.ts';
import { aToldService, deploy } from './told.ts';

let hub: GithubWorld;
let world: World;

beforeAll(async () => {
  hub = await GithubWorld.start();
  const auth = { appId, installationId, privateKey: { env: 'APP_KEY' } };
  const github = { repo: `${repo.owner}/${repo.name}`, apiUrl: hub.github.apiUrl, auth };
  world = await World.create({ config: aConfig(aToldService({ github })) });
  world.intercept(() => ({
    scm: { connect: ({ auth: by, apiUrl }) => hub.connect(by, apiUrl) },
  }));
  await world.deployGood('web-1');
});

afterAll(closeWorlds);

const callsOf = (from: number, of: RegExp) => hub.callsSince(from).filter((call) => of.test(call));

it('opens, updates and closes the issue on GitHub, and shows each deploy beside its commit', async () => {
  const { repository } = hub;
  await deploy(world, 'web-2', false, hub.first);
  const [issue] = [...repository.issues.values()];
  expect(issue).toMatchObject({ state: 'open', labels: ['deploy-loop:web', 'P1', 'deploy-loop'] });
  expect(callsOf(0, /\/issues|\/comments/).length).toBeLessThanOrEqual(5);

  const before = hub.github.calls.length;
  await deploy(world, 'web-3', false, hub.first);
  await sweepForMinutes(world, 1);
  expect(callsOf(before, /\/issues|\/comments/).length).toBeLessThanOrEqual(5);
  expect([...repository.comments.values()]).toMatchObject([{ issue: issue?.number }]);

  await deploy(world, 'web-4', true, hub.first);
  await sweepForMinutes(world, 1);
  expect(repository.issues.size).toBe(1);
  expect(issue).toMatchObject({ state: 'closed' });
  expect([...repository.comments.values()].map(({ body }) => body)).toEqual([
    expect.stringContaining('**Solved**'),
  ]);
  const states = [...repository.deployments.values()].map(({ statuses }) => statuses.at(-1)?.state);
  expect(states).toEqual(['failure', 'failure', 'success']);
  expect([...repository.checkRuns.values()].map(({ conclusion }) => conclusion)).toEqual([
    'failure',
    'failure',
    'success',
  ]);
});
