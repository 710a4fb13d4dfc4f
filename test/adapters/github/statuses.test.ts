import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NotFoundError, PermanentError } from '../../../shared/domain/errors.ts';
import type { Scm } from '../../../shared/ports/scm/scm.ts';
import type { CheckRun, DeploymentDraft } from '../../../shared/ports/scm/scm-statuses.ts';
import { closeWorlds, failureOf, GithubWorld, repo } from './github-world.ts';

let world: GithubWorld;
let scm: Scm;
beforeAll(async () => {
  world = await GithubWorld.start();
  scm = world.connect();
});
afterAll(closeWorlds);

const unknownSha = '0'.repeat(40);

describe('deployments', () => {
  const draft = (): DeploymentDraft => ({
    sha: world.first,
    environment: 'production',
    key: 'run-1',
    description: 'shop-00002-abc',
    isProduction: true,
  });

  it('are made once per key, of the exact commit, without merge or other checks', async () => {
    // The branch is ahead of what was deployed: by default GitHub would try to merge it.
    world.repository.commit({ 'later.txt': 'x' });
    const id = await scm.statuses.ensureDeployment(repo, draft());
    expect(await world.connect().statuses.ensureDeployment(repo, draft())).toBe(id);
    const other = await scm.statuses.ensureDeployment(repo, { ...draft(), key: 'run-2' });
    expect(other).not.toBe(id);
    expect(world.repository.deployments.get(id)).toMatchObject({
      sha: world.first,
      environment: 'production',
      isProduction: true,
      description: 'shop-00002-abc',
    });
  });

  it('of an unknown commit are not found', async () => {
    const unknown = { ...draft(), sha: unknownSha };
    await expect(scm.statuses.ensureDeployment(repo, unknown)).rejects.toThrow(NotFoundError);
  });

  it('get a status when it differs from the latest, and only then', async () => {
    const id = await scm.statuses.ensureDeployment(repo, { ...draft(), key: 'run-3' });
    const running = {
      state: 'in_progress',
      description: 'Validating',
      logUrl: 'https://x.example/r',
    } as const;
    const failed = { ...running, state: 'failure', description: 'Rolled back' } as const;
    for (const status of [running, running, failed, failed])
      await scm.statuses.setDeploymentStatus(repo, id, status);
    const statuses = world.repository.deployments.get(id)?.statuses;
    expect(statuses?.map(({ state }) => state)).toEqual(['in_progress', 'failure']);
    expect(statuses?.[1]).toMatchObject({ description: 'Rolled back', logUrl: 'https://x.example/r' });
  });
});

describe('check runs', () => {
  const annotation = {
    path: 'src/app.py',
    startLine: 1,
    endLine: 1,
    level: 'failure',
    title: 'No such module',
    message: 'flask',
  } as const;
  const run = (changes: Partial<CheckRun> = {}): CheckRun => ({
    sha: world.first,
    name: 'Deploy Loop: shop',
    externalId: 'run-1',
    status: 'in_progress',
    startedAt: new Date(0),
    title: 'Validating',
    summary: 'Checks run',
    annotations: [],
    ...changes,
  });
  const done = {
    status: 'completed',
    conclusion: 'failure',
    completedAt: new Date(60_000),
    detailsUrl: 'https://x.example/r',
    title: '1 cause, new since shop-00001',
    annotations: [annotation],
  } as const;
  const stored = () => [...world.repository.checkRuns.values()];

  it('are made and then changed, found by their external id', async () => {
    const url = await scm.statuses.putCheckRun(repo, run());
    expect(url).toMatch(`${world.github.pageUrl}/acme/shop/runs/`);
    expect(await scm.statuses.putCheckRun(repo, run(done))).toBe(url);
    const other = await scm.statuses.putCheckRun(repo, run({ externalId: 'run-2' }));
    expect(other).not.toBe(url);
    expect(stored()).toHaveLength(2);
    expect(stored()[0]).toMatchObject({
      status: 'completed',
      conclusion: 'failure',
      title: done.title,
      completedAt: '1970-01-01T00:01:00.000Z',
    });
  });

  it('have each annotation once, however often they are put', async () => {
    const again = run({ ...done, externalId: 'run-3' });
    await scm.statuses.putCheckRun(repo, again);
    await scm.statuses.putCheckRun(repo, again);
    const annotations = stored().find(({ externalId }) => externalId === 'run-3')?.annotations;
    expect(annotations).toEqual([
      {
        path: 'src/app.py',
        start_line: 1,
        end_line: 1,
        annotation_level: 'failure',
        title: 'No such module',
        message: 'flask',
      },
    ]);
  });

  it.each([
    ['a summary over 60,000 bytes', { summary: 'é'.repeat(30_001) }, '60002 bytes'],
    ['more than 50 annotations', { annotations: Array(51).fill(annotation) }, '51 annotations'],
  ])('with %s are refused before GitHub is asked', async (_, changes, words) => {
    const before = world.github.calls.length;
    const error = await failureOf(scm.statuses.putCheckRun(repo, run(changes)));
    expect(error).toBeInstanceOf(PermanentError);
    expect(error.message).toContain(words);
    expect(world.callsSince(before)).toEqual([]);
  });

  it('take 60,000 bytes and 50 annotations', async () => {
    const full = { externalId: 'full', summary: 'x'.repeat(60_000), annotations: Array(50).fill(annotation) };
    await scm.statuses.putCheckRun(repo, run(full));
    expect(stored().at(-1)?.annotations).toHaveLength(50);
  });

  it('of an unknown commit are not found', async () => {
    await expect(scm.statuses.putCheckRun(repo, run({ sha: unknownSha }))).rejects.toThrow(NotFoundError);
  });

  it('are for Apps alone', async () => {
    const byToken = world.connect({ kind: 'token', token: { env: 'TOKEN' } });
    const error = await failureOf(byToken.statuses.putCheckRun(repo, run({ externalId: 'token' })));
    expect(error).toBeInstanceOf(PermanentError);
    expect(error.message).toContain('You must authenticate via a GitHub App');
  });
});
