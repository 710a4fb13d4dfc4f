import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { webContainer } from '../../infra/local/containers/web-container.ts';
import { LocalCloud } from '../../infra/local/local-cloud.ts';
import type { Profile } from '../../infra/local/profile.ts';
import type { Deployment } from '../../infra/local/run/deployer.ts';
import { ask } from './ask.ts';
import { refusedUpgrade } from './web-socket.ts';

const broken = 'malformed or connection to the instance had an error';

describe('a container', () => {
  let local: LocalCloud | undefined;
  const start = async (overrides: Partial<Profile> = {}) => {
    local = await LocalCloud.start({ profile: 'fast', overrides });
    return local;
  };
  const texts = (cloud: LocalCloud, { ref, revision }: Deployment) =>
    cloud.logs(ref, revision).map(({ text }) => text);
  afterEach(() => local?.stop());

  it('is told its port and its name, and sees nothing else of our environment', async () => {
    const cloud = await start();
    const print = `
      const { PORT, K_SERVICE, K_REVISION, HOME } = process.env;
      console.log(JSON.stringify({ K_SERVICE, K_REVISION, HOME }));
      require('node:http').createServer().listen(PORT);`;
    const deployment = await cloud.deploy({
      service: 'shop',
      revisionSuffix: 'blue',
      container: { command: process.execPath, args: ['-e', print] },
    });
    const { text } = await cloud.logged(deployment.ref, deployment.revision, /^\{/);
    expect(JSON.parse(text)).toEqual({ K_SERVICE: 'shop', K_REVISION: 'shop-blue' });
  });

  it('keeps what it printed, with what the platform says of its start', async () => {
    const cloud = await start();
    const deployment = await cloud.deploy({
      service: 'shop',
      container: webContainer({ HEALTH: 'exit', TRACEBACK: '1' }),
    });
    expect(cloud.logs(deployment.ref, deployment.revision)).toContainEqual({
      time: expect.any(Date),
      stream: 'stderr',
      text: 'IndentationError: expected an indented block after function definition on line 13',
    });
    expect(texts(cloud, deployment)).toContain('Container called exit(1).');
    expect(texts(cloud, deployment).at(-1)).toMatch(
      /^Default STARTUP TCP probe failed .* status CANCELLED\.$/,
    );
  });

  it('that never listens fails when its startup probe gives up', async () => {
    const cloud = await start();
    const container = webContainer({ HEALTH: 'never-listen' });
    const deployment = await cloud.deploy({ service: 'shop', container, startTimeoutSeconds: 1 });
    expect(deployment.failure?.message).toMatch(
      /^Revision 'shop-00001-\w{3}' is not ready and cannot serve traffic\. The user-provided container failed to start and listen/,
    );
    expect(texts(cloud, deployment).at(-1)).toMatch(/status DEADLINE_EXCEEDED\.$/);
  });

  it('that crashed is started again by the next request', async () => {
    const cloud = await start();
    const deployment = await cloud.deploy({ service: 'shop', container: webContainer() });
    await cloud.faults.killContainer(deployment.ref, deployment.revision);
    expect(await ask(cloud, 'shop')).toMatchObject({ status: 200 });
    expect(texts(cloud, deployment)).toContain('Container terminated on signal 9.');
  });

  it('that crashes at every request answers 503, and is started again only so often', async () => {
    const cloud = await start({ maxRestarts: 2 });
    const deployment = await cloud.deploy({
      service: 'shop',
      container: webContainer({ HEALTH: 'crash-after-listen' }),
    });
    const exits = () =>
      texts(cloud, deployment).filter((text) => text === 'Container called exit(1).').length;
    // A process that is about to die may break one connection more: ask until the platform has seen all of them die.
    for (let more = 5; more > 0; more -= exits() < 3 ? 0 : 1) {
      const { status, body } = await ask(cloud, 'shop');
      expect(status).toBe(503);
      expect(body).toContain(broken);
    }
    expect(exits()).toBe(3);
    await expect(refusedUpgrade(cloud, 'shop')).resolves.toBe(503);
  });

  it('without requests is stopped, and the next request waits for its cold start', async () => {
    const cloud = await start({ idleMs: 1, shutdownGraceMs: 5_000 });
    const deployment = await cloud.deploy({ service: 'shop', container: webContainer() });
    await cloud.logged(deployment.ref, deployment.revision, /^Container called exit\(0\)\.$/);
    expect(await ask(cloud, 'shop')).toMatchObject({ status: 200 });
  });

  it('with minimum instances is never stopped for idleness', async () => {
    const cloud = await start({ idleMs: 1, freezeIdle: true });
    const deployment = await cloud.deploy({ service: 'shop', container: webContainer(), minInstances: 1 });
    await ask(cloud, 'shop');
    await ask(cloud, 'shop');
    expect(texts(cloud, deployment)).toEqual(['listening, version unknown']);
  });

  it('gets no time while it has no request, where the profile says so', async () => {
    const cloud = await start({ freezeIdle: true });
    const ticking = `
      let ticks = 0;
      setInterval(() => ticks++, 1);
      require('node:http').createServer((_, res) => { res.end(String(ticks)); ticks = 0; }).listen(process.env.PORT);`;
    await cloud.deploy({ service: 'shop', container: { command: process.execPath, args: ['-e', ticking] } });
    await ask(cloud, 'shop');
    // Time is what is measured here: nothing happens that one could wait for.
    await setTimeout(300);
    expect(Number((await ask(cloud, 'shop')).body)).toBeLessThan(100);
  });
});
