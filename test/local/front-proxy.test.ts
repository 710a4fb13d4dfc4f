import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { webContainer } from '../../infra/local/containers/web-container.ts';
import { LocalCloud } from '../../infra/local/local-cloud.ts';
import { localToken } from '../../infra/local/proxy/access.ts';
import type { Deployment } from '../../infra/local/run/deployer.ts';
import { loopbackPath, loopbackUrl } from '../../shared/adapters/http/loopback-url.ts';
import { ask, versionOf } from './ask.ts';
import { echoOnce, refusedUpgrade } from './web-socket.ts';

describe('the front proxy', () => {
  let local: LocalCloud;
  let first: Deployment;
  let second: Deployment;

  beforeAll(async () => {
    local = await LocalCloud.start({ profile: 'fast' });
    first = await local.deploy({ service: 'shop', container: webContainer({ VERSION: 'one' }) });
    second = await local.deploy({
      service: 'shop',
      container: webContainer({ VERSION: 'two' }),
      noTraffic: true,
      tag: 'canary',
    });
  });
  afterAll(() => local.stop());

  it("serves a service by its host, and a tag by the tag's host", async () => {
    await expect(versionOf(local, 'shop')).resolves.toBe('one');
    await expect(versionOf(local, 'canary---shop')).resolves.toBe('two');
  });

  it('hands paths and headers on as they came', async () => {
    const { headers, body } = await ask(local, 'shop', '/a/%2e%2e/b;$(id)?q=%60id%60');
    expect(JSON.parse(body)).toEqual({ version: 'one', path: '/a/%2e%2e/b;$(id)' });
    expect(headers.date).toMatch(/GMT$/);
  });

  it.each(['nobody', 'nothing---shop', 'canary---nobody'])(
    "answers Google's own 404 page for %s",
    async (label) => {
      const { status, headers, body } = await ask(local, label);
      expect(status).toBe(404);
      expect(headers['content-type']).toMatch(/^text\/html/);
      expect(body).toContain('<title>404 Page not found</title>');
      expect(body).toContain('<h1>Error: Page not found</h1>');
      expect(body).toContain('<h2>The requested URL was not found on this server.</h2>');
    },
  );

  it('splits traffic by percent', async () => {
    await local.faults.editTraffic(first.ref, [
      { revision: first.revision, percent: 50 },
      { revision: second.revision, percent: 50, tag: 'canary' },
    ]);
    const versions = new Set<string | undefined>();
    for (let i = 0; i < 30; i++) versions.add(await versionOf(local, 'shop'));
    expect(versions).toEqual(new Set(['one', 'two']));
  });

  it('upgrades to a WebSocket and carries its frames', async () => {
    await expect(echoOnce(local, 'canary---shop', 'hello')).resolves.toBe('hello');
  });

  describe('by a port for each host, for programs that resolve no names below localhost', () => {
    const urlOf = (label: string) => `http://${label}.localhost:${local.httpPort}`;

    it.each([
      ['shop', 'one'],
      ['canary---shop', 'two'],
    ])('serves %s, also where the Host header says another', async (label, version) => {
      await local.faults.editTraffic(first.ref, [
        { revision: first.revision, percent: 100 },
        { revision: second.revision, percent: 0, tag: 'canary' },
      ]);
      const url = await loopbackUrl(`${urlOf(label)}/`);
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
      expect(url).not.toContain(`:${local.httpPort}`);
      expect(await loopbackUrl(`${urlOf(label)}/`)).toBe(url);
      const { port } = new URL(url);
      await expect(versionOf({ httpPort: Number(port) }, 'nobody')).resolves.toBe(version);
      await expect(echoOnce({ httpPort: Number(port) }, 'nobody', 'hello')).resolves.toBe('hello');
    });

    it.each(['nobody', 'canary---nobody'])('opens none for %s', async (label) => {
      expect(await loopbackUrl(urlOf(label))).toBe(urlOf(label));
    });

    it('answers as for any host when the tag is gone', async () => {
      const url = await loopbackUrl(urlOf('gone---shop'));
      expect((await fetch(url)).status).toBe(404);
    });

    it('hands a path that looks like a question about URLs on to a service', async () => {
      const { body } = await ask(local, 'shop', `${loopbackPath}shop.localhost`);
      expect(JSON.parse(body)).toMatchObject({ path: `${loopbackPath}shop.localhost` });
    });

    it.each(['https://web-abc-uc.a.run.app', 'http://127.0.0.1:9/', 'http://other.localhost:9/', 'nonsense'])(
      'leaves %s as it is',
      async (url) => {
        expect(await loopbackUrl(url)).toBe(url);
      },
    );
  });

  it('refuses an upgrade where nobody answers', async () => {
    await expect(refusedUpgrade(local, 'nobody')).resolves.toBe(404);
  });

  it('lets only ID tokens for the service into a private one', async () => {
    const { uri } = await local.deploy({ service: 'vault', container: webContainer(), private: true });
    const statusWith = async (headers: Record<string, string>) =>
      (await ask(local, 'vault', '/health', headers)).status;
    await expect(statusWith({})).resolves.toBe(403);
    await expect(statusWith({ authorization: `Bearer ${localToken('http://other')}` })).resolves.toBe(403);
    await expect(statusWith({ authorization: `Bearer ${localToken(uri)}` })).resolves.toBe(200);
    const both = { authorization: 'Basic eDp5', 'x-serverless-authorization': `Bearer ${localToken(uri)}` };
    await expect(statusWith(both)).resolves.toBe(200);
  });
});
