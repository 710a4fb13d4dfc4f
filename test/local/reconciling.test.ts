import { afterEach, describe, expect, it } from '@jest/globals';
import { webContainer } from '../../infra/local/containers/web-container.ts';
import { LocalCloud } from '../../infra/local/local-cloud.ts';
import type { Profile } from '../../infra/local/profile.ts';
import { GoogleCloudRun } from '../../shared/adapters/google/google-cloud-run.ts';
import type { ServiceRef } from '../../shared/domain/ids.ts';
import { ask, versionOf } from './ask.ts';

describe('a change of a service', () => {
  let local: LocalCloud;
  let run: GoogleCloudRun;
  const start = async (overrides: Partial<Profile>) => {
    local = await LocalCloud.start({ profile: 'fast', overrides });
    run = new GoogleCloudRun({ endpoint: local.endpoint });
  };
  const read = async (ref: ServiceRef) => {
    const service = await run.getService(ref);
    if (service === undefined) throw new Error('no such service');
    return service;
  };
  afterEach(async () => {
    await run.close();
    await local.stop();
  });

  it('is accepted at once and reconciles until it is in effect', async () => {
    const updateMs: [number, number] = [0, 0];
    await start({ updateMs });
    const old = await local.deploy({ service: 'shop', container: webContainer({ VERSION: 'one' }) });
    await local.deploy({ service: 'shop', container: webContainer({ VERSION: 'two' }) });
    const before = await read(old.ref);
    const traffic = [{ revision: old.revision, percent: 100 }];
    // Only from here on, and so long that a busy machine looks in time.
    updateMs.fill(2_000);
    await run.updateTraffic(old.ref, { traffic, annotations: {}, etag: before.etag });
    const during = await read(old.ref);
    expect(during).toMatchObject({ reconciling: true, traffic, serving: before.serving });
    expect(during.generation).toBe(before.generation + 1n);
    await expect(versionOf(local, 'shop')).resolves.toBe('two');
    await local.reconciled(old.ref);
    const after = await read(old.ref);
    expect(after).toMatchObject({ reconciling: false, serving: traffic });
    expect(after.routesChangedAt.getTime()).toBeGreaterThan(before.routesChangedAt.getTime());
    expect(after.etag).not.toBe(during.etag);
    await expect(versionOf(local, 'shop')).resolves.toBe('one');
  });

  it('spreads: old and new answers are mixed for a while', async () => {
    const propagationMs: [number, number] = [0, 0];
    await start({ propagationMs });
    await local.deploy({ service: 'shop', container: webContainer({ VERSION: 'one' }) });
    propagationMs.fill(1_000);
    const second = local.startDeploy({ service: 'shop', container: webContainer({ VERSION: 'two' }) });
    await second.reconciled;
    const seen: (string | undefined)[] = [];
    const spread = local.reconciled(second.ref).then(() => true);
    const look = () => versionOf(local, 'shop').then((version) => seen.push(version));
    // Four at a time, so that a busy machine sees enough of them.
    const lookAround = () => Promise.all([look(), look(), look(), look()]).then(() => false);
    while (!(await Promise.race([spread, lookAround()])));
    expect(new Set(seen)).toEqual(new Set(['one', 'two']));
    expect(seen.indexOf('two')).toBeLessThan(seen.lastIndexOf('one'));
    await expect(versionOf(local, 'shop')).resolves.toBe('two');
  });

  it("answers the platform's own 404 at a fresh tag's URL until the tag is known", async () => {
    await start({ tagLagMs: [1_000, 1_000] });
    const { ref, revision } = await local.deploy({ service: 'shop', container: webContainer() });
    const { etag } = await read(ref);
    const traffic = [{ percent: 100 }, { revision, percent: 0, tag: 'stable' }];
    const edited = local.faults.editTraffic(ref, traffic);
    let known = false;
    while (!known) known = (await read(ref)).serving.some(({ tag }) => tag === 'stable');
    expect(await ask(local, 'stable---shop')).toMatchObject({ status: 404 });
    await edited;
    expect(await ask(local, 'stable---shop')).toMatchObject({ status: 200 });
    expect((await read(ref)).etag).not.toBe(etag);
  });

  it('is followed by one more etag, of the platform itself', async () => {
    const bumpMs = 100;
    await start({ etagBumpMs: [bumpMs, bumpMs] });
    const { ref } = await local.deploy({ service: 'shop', container: webContainer() });
    /** Changes the service, and reads it surely before the etag that follows. */
    const changeAndRead = async () => {
      for (let tag = 1; ; tag++) {
        const startedMs = performance.now();
        await local.faults.editTraffic(ref, [{ percent: 100, tag: `try-${tag}` }]);
        const service = await read(ref);
        if (performance.now() - startedMs < bumpMs) return service;
      }
    };
    const { etag, generation } = await changeAndRead();
    let current = await read(ref);
    while (current.etag === etag) current = await read(ref);
    expect(current.generation).toBe(generation);
  });

  it('does not wait for a revision that is still starting', async () => {
    await start({ startTimeoutMs: 60_000 });
    const { ref, revision } = await local.deploy({
      service: 'shop',
      container: webContainer({ VERSION: 'one' }),
    });
    local.startDeploy({ service: 'shop', container: webContainer({ HEALTH: 'never-listen' }) });
    const { etag, reconciling } = await read(ref);
    expect(reconciling).toBe(true);
    await run.updateTraffic(ref, {
      traffic: [{ revision, percent: 100, tag: 'stable' }],
      annotations: {},
      etag,
    });
    let status = 404;
    while (status === 404) status = (await ask(local, 'stable---shop')).status;
    expect(status).toBe(200);
  });
});
