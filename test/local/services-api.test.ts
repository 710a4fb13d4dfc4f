import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { webContainer } from '../../infra/local/containers/web-container.ts';
import { LocalCloud } from '../../infra/local/local-cloud.ts';
import type { Deployment } from '../../infra/local/run/deployer.ts';
import { nameOf, openRunClients, type RunClients } from './run-clients.ts';

const image = 'gcr.io/example/web';
const container = { image, ports: [{ containerPort: 8080 }] };

describe('the local Cloud Run API, seen by the real client', () => {
  let local: LocalCloud;
  let clients: RunClients;
  let deployed: Deployment;
  let name: string;
  const location = 'projects/local-project/locations/us-central1';
  const read = async () => (await clients.services.getService({ name }))[0];
  const update = async (service: object, paths: string[]) => {
    const [operation] = await clients.services.updateService({
      service: { name, ...service },
      updateMask: { paths },
    });
    return (await operation.promise())[0];
  };
  const revisionNames = async () => {
    const [revisions] = await clients.revisions.listRevisions({ parent: name });
    return revisions.map((revision) => revision.name?.split('/').at(-1));
  };

  beforeAll(async () => {
    local = await LocalCloud.start({ profile: 'fast', images: { [image]: webContainer() } });
    clients = await openRunClients({ endpoint: local.endpoint });
    deployed = await local.deploy({ service: 'shop', container: webContainer(), labels: { team: 'web' } });
    name = nameOf(deployed.ref);
  });
  afterAll(async () => {
    await clients[Symbol.asyncDispose]();
    await local.stop();
  });

  it('creates, lists and deletes a service', async () => {
    const service = { template: { containers: [container], scaling: { minInstanceCount: 1 } } };
    const [creating] = await clients.services.createService({
      parent: location,
      serviceId: 'fresh',
      service,
    });
    await creating.promise();
    const [found] = await clients.services.listServices({ parent: location });
    expect(found.map((one) => one.uri)).toContain(`http://fresh.localhost:${local.httpPort}`);
    const [revisions] = await clients.revisions.listRevisions({ parent: `${location}/services/fresh` });
    expect(revisions).toMatchObject([{ service: 'fresh', scaling: { minInstanceCount: 1 } }]);
    const [deleting] = await clients.services.deleteService({ name: `${location}/services/fresh` });
    await deleting.promise();
    await expect(clients.services.getService({ name: `${location}/services/fresh` })).rejects.toMatchObject({
      code: 5,
    });
  });

  it('makes no revision for a change of annotations or traffic, but a new generation and etag', async () => {
    const before = await read();
    await update({ annotations: { note: 'a' } }, ['annotations']);
    await update({ traffic: [{ revision: deployed.revision, percent: 100 }] }, ['traffic']);
    const after = await read();
    expect(Number(after.generation)).toBe(Number(before.generation) + 2);
    expect(after.etag).not.toBe(before.etag);
    expect(after.latestCreatedRevision).toBe(before.latestCreatedRevision);
    expect(after).toMatchObject({ annotations: { note: 'a' }, reconciling: false, labels: { team: 'web' } });
    expect(after.observedGeneration).toBe(after.generation);
  });

  it('writes what the mask names, path by path', async () => {
    await update({ annotations: { note: 'b' }, labels: { lost: 'yes' }, description: 'lost' }, [
      'annotations',
    ]);
    expect(await read()).toMatchObject({
      annotations: { note: 'b' },
      labels: { team: 'web' },
      description: '',
    });
    await update({ template: { scaling: { minInstanceCount: 2 } } }, ['template.scaling.min_instance_count']);
    const { template } = await read();
    expect(template).toMatchObject({ scaling: { minInstanceCount: 2 }, labels: { team: 'web' } });
    await expect(update({}, ['uri'])).rejects.toMatchObject({ code: 3 });
  });

  it('makes a revision when the template changes, and keeps the newest first', async () => {
    const before = await revisionNames();
    await update({ template: { labels: { 'gcb-build-id': 'x' } } }, ['template.labels']);
    const after = await revisionNames();
    expect(after.slice(1)).toEqual(before);
    const [revision] = await clients.revisions.getRevision({ name: `${name}/revisions/${after[0]}` });
    expect(revision).toMatchObject({
      labels: { 'gcb-build-id': 'x' },
      creator: expect.stringContaining('@'),
    });
  });

  it('gives revisions page by page, of one service or of all', async () => {
    const page = { autoPaginate: false };
    const [first, next] = await clients.revisions.listRevisions({ parent: name, pageSize: 1 }, page);
    const [second] = await clients.revisions.listRevisions({ parent: name, ...next }, page);
    expect([first[0], second[0]].map((one) => one?.name?.split('/').at(-1))).toEqual(
      (await revisionNames()).slice(0, 2),
    );
    const [everywhere] = await clients.revisions.listRevisions({ parent: `${location}/services/-` });
    expect(everywhere.length).toBe((await revisionNames()).length);
  });

  it('refuses a stale etag with the words of Cloud Run', async () => {
    const { etag } = await read();
    await update({ annotations: { note: 'c' } }, ['annotations']);
    const current = (await read()).etag;
    await expect(update({ etag, annotations: { note: 'd' } }, ['annotations'])).rejects.toMatchObject({
      code: 10,
      details: `Conflict for resource 'shop': version '${etag}' was specified but current version is '${current}'.`,
    });
  });

  it('refuses the name of a revision that was made of another template', async () => {
    const template = { ...(await read()).template, revision: 'shop-blue' };
    await update({ template }, ['template']);
    await update({ template }, ['template']);
    await expect(
      update({ template: { ...template, labels: { changed: 'yes' } } }, ['template']),
    ).rejects.toMatchObject({
      code: 6,
      details: expect.stringContaining(
        "Revision named 'shop-blue' with different configuration already exists",
      ),
    });
    await update({ template: { ...template, revision: '' } }, ['template']);
  });

  it('checks without writing when asked to', async () => {
    const { etag } = await read();
    const service = { name, etag: etag ?? '', annotations: { note: 'never' } };
    await clients.services.updateService({
      service,
      updateMask: { paths: ['annotations'] },
      validateOnly: true,
    });
    expect((await read()).annotations).not.toMatchObject({ note: 'never' });
    expect((await read()).etag).toBe(etag);
  });

  it.each([
    ['percents that do not sum to 100', [{ percent: 60 }], 3],
    [
      'a tag that is there twice',
      [
        { percent: 100, tag: 'a' },
        { percent: 0, tag: 'a' },
      ],
      3,
    ],
    ['a revision that does not exist', [{ percent: 100, revision: 'shop-none' }], 9],
    ['a tag on a revision that does not exist', [{ percent: 100 }, { revision: 'shop-none', tag: 'a' }], 9],
  ])('refuses traffic with %s', async (_, traffic, code) => {
    await expect(update({ traffic }, ['traffic'])).rejects.toMatchObject({ code });
  });

  it('ends the operation of a failed start with code 9, and serves what it served', async () => {
    await update({ traffic: [{ percent: 100 }] }, ['traffic']);
    const before = await read();
    const broken = { containers: [{ image, command: ['false'] }] };
    await expect(update({ template: broken }, ['template'])).rejects.toMatchObject({
      code: 9,
      message: expect.stringContaining('The user-provided container failed to start and listen on the port'),
    });
    const after = await read();
    expect(after.latestReadyRevision).toBe(before.latestReadyRevision);
    expect(after.latestCreatedRevision).not.toBe(before.latestCreatedRevision);
    expect(after.trafficStatuses).toEqual(before.trafficStatuses);
    expect(after.terminalCondition).toMatchObject({
      type: 'Ready',
      state: 'CONDITION_FAILED',
      reason: 'REVISION_FAILED',
    });
    const [revision] = await clients.revisions.getRevision({ name: after.latestCreatedRevision ?? '' });
    expect(revision.conditions).toContainEqual(
      expect.objectContaining({ type: 'ContainerHealthy', revisionReason: 'HEALTH_CHECK_CONTAINER_ERROR' }),
    );
    const traffic = [{ percent: 100, revision: revision.name?.split('/').at(-1) ?? '' }];
    await expect(update({ traffic }, ['traffic'])).rejects.toMatchObject({
      code: 9,
      details: expect.stringContaining('is not ready and cannot serve traffic'),
    });
  });

  it('fails a revision whose image does not exist', async () => {
    const failing = update({ template: { containers: [{ image: 'gcr.io/example/none' }] } }, ['template']);
    await expect(failing).rejects.toMatchObject({ code: 9, message: expect.stringContaining('not found') });
  });

  it('refuses a tag that is too long beside the service’s name', async () => {
    const targets = (tag: string) => ({ traffic: [{ percent: 100 }, { percent: 0, tag }] });
    await expect(update(targets(`a${'b'.repeat(42)}`), ['traffic'])).rejects.toMatchObject({
      code: 3,
      details: expect.stringContaining('cannot exceed 46 characters'),
    });
    await update(targets(`a${'b'.repeat(41)}`), ['traffic']);
    await update({ traffic: [{ percent: 100 }] }, ['traffic']);
  });

  it('refuses traffic while a tag names a deleted revision', async () => {
    await local.faults.editTraffic(deployed.ref, [
      { percent: 100 },
      { revision: deployed.revision, percent: 0, tag: 'old' },
    ]);
    await local.faults.deleteRevision(deployed.ref, deployed.revision);
    const { traffic } = await read();
    await expect(update({ traffic }, ['traffic'])).rejects.toMatchObject({
      code: 9,
      details: `Revision ${deployed.revision} does not exist or is deleted`,
    });
    await update({ traffic: [{ percent: 100 }] }, ['traffic']);
  });
});
