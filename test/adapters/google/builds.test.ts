import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import { LocalCloud } from '../../../infra/local/local-cloud.ts';
import { parseGoogleBuild } from '../../../shared/adapters/google/google-build.ts';
import { GoogleBuilds } from '../../../shared/adapters/google/google-builds.ts';

describe('GoogleBuilds on the local cloud', () => {
  let local: LocalCloud;
  let builds: GoogleBuilds;
  beforeAll(async () => {
    local = await LocalCloud.start({ profile: 'fast' });
    builds = new GoogleBuilds({ endpoint: local.endpoint });
  });
  afterAll(async () => {
    await builds.close();
    await local.stop();
  });

  it('reads a build by the name that its message gives', async () => {
    const { build, deployments } = await local.builds.deploy({
      service: 'shop',
      container: webContainer(),
      triggerId: 'trigger-1',
      handOver: true,
      substitutions: { _SERVICE_NAME: 'shop' },
    });
    const [deployment] = deployments;
    await expect(builds.getBuild(build.name)).resolves.toEqual({
      id: build.id,
      name: build.name,
      projectId: 'local-project',
      status: 'SUCCESS',
      startTime: build.startTime,
      finishTime: build.finishTime,
      triggerId: 'trigger-1',
      substitutions: { ...build.substitutions, _SERVICE_NAME: 'shop' },
      stepOutputs: [JSON.stringify({ ...deployment?.ref, revision: deployment?.revision })],
      serviceAccount: 'build@local-project.iam.gserviceaccount.com',
    });
    const byProjectId = build.name.replace(/^projects\/\d+/, 'projects/local-project');
    await expect(builds.getBuild(byProjectId)).resolves.toMatchObject({ id: build.id });
  });

  it('reads a build that is still running, and one that failed', async () => {
    let running: Promise<unknown> | undefined;
    const stop = local.messages.onMessage(({ attributes }) => {
      const name = `projects/local-project/locations/us-central1/builds/${attributes.buildId}`;
      if (attributes.status === 'WORKING') running = builds.getBuild(name);
    });
    const { build } = await local.builds.deploy({
      service: 'shop',
      container: webContainer({ HEALTH: 'exit' }),
    });
    stop();
    await expect(running).resolves.toMatchObject({ status: 'WORKING', finishTime: undefined });
    await expect(builds.getBuild(build.name)).resolves.toMatchObject({
      status: 'FAILURE',
      finishTime: build.finishTime,
    });
  });

  it('finds no build by its global name, in another region, or by another id', async () => {
    const { build } = await local.builds.run({ deploys: [] });
    const location = 'projects/local-project/locations';
    for (const name of [
      `projects/local-project/builds/${build.id}`,
      `${location}/global/builds/${build.id}`,
      `${location}/europe-west1/builds/${build.id}`,
      `${location}/us-central1/builds/00000000-0000-4000-8000-000000000000`,
    ]) {
      await expect(builds.getBuild(name)).resolves.toBeUndefined();
    }
  });

  it.each(['PERMISSION_DENIED', 'NOT_FOUND'] as const)('takes %s for no build', async (code) => {
    local.faults.next('GetBuild', { code: status[code], message: 'so it is' });
    await expect(builds.getBuild('projects/p/locations/r/builds/b')).resolves.toBeUndefined();
  });

  it.each([
    ['UNAVAILABLE', 'TransientError'],
    ['RESOURCE_EXHAUSTED', 'TransientError'],
    ['UNAUTHENTICATED', 'TransientError'],
    ['INVALID_ARGUMENT', 'PermanentError'],
  ] as const)('takes %s for a %s', async (code, expected) => {
    local.faults.next('GetBuild', {
      code: status[code],
      message: 'so it is',
      times: code === 'UNAVAILABLE' ? 2 : 1,
    });
    await expect(builds.getBuild('projects/p/locations/r/builds/b')).rejects.toMatchObject({
      name: expected,
    });
  });
});

describe('a build in an answer of Google', () => {
  const id = '0b5c3cbe-6f3f-4a44-8b3e-6c2f1a7d9e10';
  const answer = {
    id,
    name: `projects/1/locations/us-central1/builds/${id}`,
    projectId: 'acme-staging',
    status: 3,
  };

  it.each([
    [10, 'PENDING'],
    ['EXPIRED', 'EXPIRED'],
    [99, 'STATUS_UNKNOWN'],
    ['SOMETHING_NEW', 'STATUS_UNKNOWN'],
  ])('with status %p is %s', (given, expected) => {
    expect(parseGoogleBuild({ ...answer, status: given }).data?.status).toBe(expected);
  });

  it('gives the outputs of its steps as text, whether they came as bytes or as base64', () => {
    const buildStepOutputs = [Buffer.from('one'), Buffer.from('two').toString('base64'), ''];
    expect(parseGoogleBuild({ ...answer, results: { buildStepOutputs } }).data?.stepOutputs).toEqual([
      'one',
      'two',
      '',
    ]);
  });

  it('is refused when its id is no UUID', () => {
    expect(parseGoogleBuild({ ...answer, id: '../x' }).success).toBe(false);
  });
});
