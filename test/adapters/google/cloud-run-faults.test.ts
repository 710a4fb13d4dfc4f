import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import { LocalCloud } from '../../../infra/local/local-cloud.ts';
import type { Deployment } from '../../../infra/local/run/deployer.ts';
import { GoogleCloudRun } from '../../../shared/adapters/google/google-cloud-run.ts';
import {
  PermanentError,
  TrafficChangedError,
  TransientError,
  UnknownOutcomeError,
} from '../../../shared/domain/errors.ts';

describe('GoogleCloudRun, when things go wrong', () => {
  let local: LocalCloud;
  let run: GoogleCloudRun;
  let deployed: Deployment;
  const read = async () => {
    const service = await run.getService(deployed.ref);
    if (service === undefined) throw new Error('no such service');
    return service;
  };
  const write = async (effect: string) => {
    const { etag } = await read();
    await run.updateTraffic(deployed.ref, { traffic: [{ percent: 100 }], annotations: { effect }, etag });
  };
  const effect = async () => (await read()).annotations.effect;

  beforeAll(async () => {
    local = await LocalCloud.start({ profile: 'fast' });
    run = new GoogleCloudRun({ endpoint: local.endpoint });
    deployed = await local.deploy({ service: 'shop', container: webContainer() });
  });
  afterAll(async () => {
    await run.close();
    await local.stop();
  });

  it('calls a write whose answer was lost an unknown outcome: it took effect', async () => {
    local.faults.next('UpdateService', { loseAnswer: true });
    await expect(write('lost-answer')).rejects.toBeInstanceOf(UnknownOutcomeError);
    await expect(effect()).resolves.toBe('lost-answer');
  });

  it('calls a write that never arrived an unknown outcome too: it did not, and is not sent again', async () => {
    local.faults.next('UpdateService', { dropRequest: true });
    await expect(write('dropped')).rejects.toBeInstanceOf(UnknownOutcomeError);
    await expect(effect()).resolves.not.toBe('dropped');
  });

  it('finds a write refused that somebody else was ahead of', async () => {
    local.faults.next('UpdateService', { staleEtag: true });
    await expect(write('late')).rejects.toBeInstanceOf(TrafficChangedError);
    const { etag } = await read();
    local.faults.bumpEtag(deployed.ref);
    const change = { traffic: [{ percent: 100 }], annotations: {}, etag };
    await expect(run.updateTraffic(deployed.ref, change)).rejects.toBeInstanceOf(TrafficChangedError);
    await expect(effect()).resolves.not.toBe('late');
  });

  it.each([
    ['UNAVAILABLE', 'UnknownOutcomeError'],
    ['DEADLINE_EXCEEDED', 'UnknownOutcomeError'],
    ['CANCELLED', 'UnknownOutcomeError'],
    ['UNKNOWN', 'UnknownOutcomeError'],
    ['INTERNAL', 'UnknownOutcomeError'],
    ['RESOURCE_EXHAUSTED', 'TransientError'],
    ['ABORTED', 'TrafficChangedError'],
    ['FAILED_PRECONDITION', 'PermanentError'],
    ['ALREADY_EXISTS', 'PermanentError'],
    ['PERMISSION_DENIED', 'PermanentError'],
    ['UNAUTHENTICATED', 'TransientError'],
    ['INVALID_ARGUMENT', 'PermanentError'],
    ['NOT_FOUND', 'PermanentError'],
  ] as const)('takes %s in answer to a write for a %s', async (code, expected) => {
    local.faults.next('UpdateService', { code: status[code], message: 'so it is' });
    await expect(write(code)).rejects.toMatchObject({
      name: expected,
      // A refusal goes on with what mends it.
      message: expect.stringContaining(
        `UpdateService projects/local-project/locations/us-central1/services/shop: ${code}: so it is`,
      ),
    });
  });

  it.each(['FAILED_PRECONDITION', 'ALREADY_EXISTS'] as const)(
    'knows a conflict by its words in %s',
    async (code) => {
      const message = "Conflict for resource 'shop': version '1' was specified but current version is '2'.";
      local.faults.next('UpdateService', { code: status[code], message });
      await expect(write(code)).rejects.toBeInstanceOf(TrafficChangedError);
    },
  );

  it.each([
    ['UNAVAILABLE', 'TransientError'],
    ['DEADLINE_EXCEEDED', 'TransientError'],
    ['RESOURCE_EXHAUSTED', 'TransientError'],
    ['INTERNAL', 'TransientError'],
    ['PERMISSION_DENIED', 'TransientError'],
    ['UNAUTHENTICATED', 'TransientError'],
  ] as const)('takes %s in answer to a read for a %s', async (code, expected) => {
    for (const method of ['GetService', 'GetRevision', 'ListRevisions'] as const) {
      local.faults.next(method, {
        code: status[code],
        message: 'so it is',
        times: code === 'UNAVAILABLE' ? 2 : 1,
      });
    }
    await expect(run.getService(deployed.ref)).rejects.toMatchObject({ name: expected });
    await expect(run.getRevision(deployed.ref, deployed.revision)).rejects.toMatchObject({ name: expected });
    await expect(run.listRevisions(deployed.ref)).rejects.toMatchObject({ name: expected });
  });

  it('reads once more when the API was not there', async () => {
    local.faults.next('GetService', { dropRequest: true });
    await expect(run.getService(deployed.ref)).resolves.toMatchObject({ ref: deployed.ref });
  });

  it('says refused traffic is refused for good', async () => {
    const { etag } = await read();
    const change = { traffic: [{ percent: 50 }], annotations: {}, etag };
    await expect(run.updateTraffic(deployed.ref, change)).rejects.toBeInstanceOf(PermanentError);
  });

  it('reads a broken revision that the platform cleaned up as failed, although it says it is ready', async () => {
    const { ref, revision } = await local.deploy({
      service: 'shop',
      container: webContainer({ HEALTH: 'exit' }),
    });
    await local.faults.retireRevision(ref, revision);
    await expect(run.getRevision(ref, revision)).resolves.toMatchObject({ readiness: { kind: 'failed' } });
  });

  it('opens its sockets again after it was closed', async () => {
    await run.close();
    await expect(run.getService(deployed.ref)).resolves.toMatchObject({ ref: deployed.ref });
  });

  it('calls an API that is not there transient, within its bounds', async () => {
    const nobody = new GoogleCloudRun({ endpoint: { host: '127.0.0.1', port: 9 } });
    await expect(nobody.getService(deployed.ref)).rejects.toBeInstanceOf(TransientError);
    await nobody.close();
  });
});
