import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BuildMessage } from '../../infra/local/cloud-build/build-topic.ts';
import { webContainer } from '../../infra/local/containers/web-container.ts';
import { LocalCloud } from '../../infra/local/local-cloud.ts';
import { GoogleCloudRun } from '../../shared/adapters/google/google-cloud-run.ts';

const decode = ({ data }: BuildMessage): unknown => JSON.parse(Buffer.from(data, 'base64').toString('utf8'));
const rfc3339 = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

describe('the local Cloud Build', () => {
  let local: LocalCloud;
  let run: GoogleCloudRun;
  beforeAll(async () => {
    local = await LocalCloud.start({ profile: 'fast' });
    run = new GoogleCloudRun({ endpoint: local.endpoint });
  });
  afterAll(async () => {
    await run.close();
    await local.stop();
  });
  /** The messages that `action` caused. */
  const messagesOf = async (action: () => Promise<unknown>) => {
    const messages: BuildMessage[] = [];
    const stop = local.messages.onMessage((message) => messages.push(message));
    await action();
    stop();
    return messages;
  };

  it('publishes WORKING and the end of a build, as Cloud Build does', async () => {
    const commitSha = 'c0ffee'.padEnd(40, '0');
    const messages = await messagesOf(() =>
      local.builds.deploy({
        service: 'shop',
        container: webContainer(),
        commitSha,
        triggerId: 'trigger-1',
        handOver: true,
      }),
    );
    expect(messages.map(({ attributes }) => attributes.status)).toEqual(['WORKING', 'SUCCESS']);
    const [working, success] = messages;
    if (working === undefined || success === undefined) throw new Error('two messages expected');
    const { buildId } = success.attributes;
    expect(success).toMatchObject({ messageId: expect.stringMatching(/^\d+$/), publishTime: rfc3339 });
    expect(decode(working)).not.toHaveProperty('finishTime');
    expect(decode(success)).toMatchObject({
      id: buildId,
      name: `projects/100000000001/locations/us-central1/builds/${buildId}`,
      projectId: 'local-project',
      status: 'SUCCESS',
      startTime: rfc3339,
      finishTime: rfc3339,
      buildTriggerId: 'trigger-1',
      substitutions: { COMMIT_SHA: commitSha, SHORT_SHA: 'c0ffee0' },
      serviceAccount: 'projects/local-project/serviceAccounts/build@local-project.iam.gserviceaccount.com',
      results: { buildStepOutputs: [expect.stringMatching(/^[A-Za-z0-9+/]+=*$/)] },
    });
  });

  it('labels the revision with its own id, and creates it in its own time', async () => {
    const { build, deployments } = await local.builds.deploy({ service: 'shop', container: webContainer() });
    const [deployment] = deployments;
    if (deployment === undefined) throw new Error('one deployment expected');
    const revision = await run.getRevision(deployment.ref, deployment.revision);
    expect(revision).toMatchObject({
      labels: { 'gcb-build-id': build.id, 'commit-sha': build.substitutions.COMMIT_SHA },
      creator: 'build@local-project.iam.gserviceaccount.com',
    });
    expect(revision?.createTime.getTime()).toBeGreaterThanOrEqual(build.startTime.getTime());
  });

  it('fails when the revision does not become ready', async () => {
    const messages = await messagesOf(() =>
      local.builds.deploy({ service: 'shop', container: webContainer({ HEALTH: 'exit' }) }),
    );
    expect(messages.map(({ attributes }) => attributes.status)).toEqual(['WORKING', 'FAILURE']);
    expect(messages.map(decode).at(-1)).toMatchObject({
      status: 'FAILURE',
      failureInfo: {
        type: 'USER_BUILD_STEP',
        detail: expect.stringContaining('is not ready and cannot serve traffic'),
      },
    });
  });

  it('can succeed before its revision exists, as a deploy from source does', async () => {
    let revisionsAtSuccess: readonly string[] = [];
    const stop = local.messages.onMessage(({ attributes }) => {
      if (attributes.status === 'SUCCESS') revisionsAtSuccess = local.revisions({ ...home, service: 'late' });
    });
    const { deployments } = await local.builds.deploy({
      service: 'late',
      container: webContainer(),
      deployAfterSuccess: true,
      label: false,
    });
    stop();
    expect(revisionsAtSuccess).toEqual([]);
    expect(deployments).toMatchObject([{ failure: undefined }]);
    const [revision] = await run.listRevisions({ ...home, service: 'late' });
    expect(revision?.labels).toEqual({});
  });

  it('can deploy several services, or none', async () => {
    const container = webContainer();
    const both = await local.builds.run({
      deploys: [
        { service: 'one', container },
        { service: 'two', container },
      ],
    });
    expect(both.deployments.map(({ ref }) => ref.service)).toEqual(['one', 'two']);
    const none = await local.builds.run({ deploys: [] });
    expect(none).toMatchObject({ build: { status: 'SUCCESS' }, deployments: [] });
  });
});

const home = { project: 'local-project', region: 'us-central1' };
