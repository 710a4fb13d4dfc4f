import { get } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import { LocalCloud } from '../../../infra/local/local-cloud.ts';
import { ask } from '../ask.ts';
import { echoOnce, refusedUpgrade } from '../web-socket.ts';
import { type LoggingClient, openLoggingClient } from './logging-client.ts';

const requests = 'log_id("run.googleapis.com/requests")';
const system = 'log_id("run.googleapis.com/varlog/system")';

describe('what the local Cloud Run logs', () => {
  let local: LocalCloud;
  let client: LoggingClient;
  beforeEach(async () => {
    local = await LocalCloud.start({ profile: 'fast' });
    client = await openLoggingClient({ endpoint: local.endpoint });
  });
  afterEach(async () => {
    await client[Symbol.asyncDispose]();
    await local.stop();
  });
  /** As soon as there are `count` of them. */
  const entriesOf = async (filter: string, count = 1) => {
    await local.logging.readable(filter, count);
    const { entries } = await client.list({ resourceNames: ['projects/local-project'], filter });
    return entries;
  };

  it('has one entry for each request that a revision answered', async () => {
    const { revision } = await local.deploy({ service: 'shop', container: webContainer() });
    const before = Date.now();
    await ask(local, 'shop', '/a?b=c', { 'user-agent': 'a browser' });
    const [entry] = await entriesOf(requests);
    expect(entry).toMatchObject({
      logName: 'projects/local-project/logs/run.googleapis.com%2Frequests',
      resource: {
        type: 'cloud_run_revision',
        labels: {
          project_id: 'local-project',
          location: 'us-central1',
          service_name: 'shop',
          revision_name: revision,
          configuration_name: 'shop',
        },
      },
      severity: 'INFO',
      insertId: expect.stringMatching(/./),
      trace: '',
      httpRequest: {
        requestMethod: 'GET',
        requestUrl: `http://shop.localhost:${local.httpPort}/a?b=c`,
        status: 200,
        userAgent: 'a browser',
        latency: { seconds: '0', nanos: expect.any(Number) },
      },
    });
    expect(Number(entry?.timestamp?.seconds) * 1000).toBeGreaterThanOrEqual(before - 1_000);
    expect(Number(entry?.httpRequest?.latency?.nanos)).toBeGreaterThan(0);
  });

  it('says which revision, also behind a tag', async () => {
    await local.deploy({ service: 'shop', container: webContainer() });
    const { revision } = await local.deploy({
      service: 'shop',
      container: webContainer(),
      noTraffic: true,
      tag: 'canary',
    });
    await ask(local, 'shop');
    await ask(local, 'canary---shop');
    const entries = await entriesOf(requests, 2);
    expect(entries.filter(({ resource }) => resource?.labels?.revision_name === revision)).toHaveLength(1);
  });

  it.each([
    ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
    ['x-cloud-trace-context', '0af7651916cd43dd8448eb211c80319c/123;o=1'],
  ])('says to which trace a request belongs, by %s', async (header, value) => {
    await local.deploy({ service: 'shop', container: webContainer() });
    await ask(local, 'shop', '/', { [header]: value });
    await expect(entriesOf(requests)).resolves.toMatchObject([
      { trace: 'projects/local-project/traces/0af7651916cd43dd8448eb211c80319c' },
    ]);
  });

  it('has the severity of the status, and the sentence of the platform where that answered', async () => {
    await local.deploy({ service: 'shop', container: webContainer({ HEALTH: '503' }) });
    await local.deploy({ service: 'crash', container: webContainer({ HEALTH: 'crash-after-listen' }) });
    await ask(local, 'shop');
    await ask(local, 'crash');
    await expect(entriesOf(`${requests} AND severity=ERROR AND NOT textPayload:*`)).resolves.toMatchObject([
      { httpRequest: { status: 503 }, resource: { labels: { service_name: 'shop' } } },
    ]);
    await expect(entriesOf(`${requests} AND severity=ERROR AND textPayload:*`)).resolves.toMatchObject([
      {
        httpRequest: { status: 503 },
        textPayload: expect.stringMatching(
          /^The request failed because either the HTTP response was malformed/,
        ),
        resource: { labels: { service_name: 'crash' } },
      },
    ]);
  });

  it('knows nothing of requests that reached no revision', async () => {
    await local.deploy({ service: 'vault', container: webContainer(), private: true });
    await local.deploy({ service: 'shop', container: webContainer() });
    await ask(local, 'nobody');
    await ask(local, 'vault');
    await ask(local, 'shop');
    await expect(entriesOf(requests)).resolves.toMatchObject([
      { resource: { labels: { service_name: 'shop' } } },
    ]);
  });

  it('does not take a request that its client gave up for a good one', async () => {
    const hang = `require('node:http').createServer(() => console.log('a request')).listen(process.env.PORT);`;
    const { ref, revision } = await local.deploy({
      service: 'shop',
      container: { command: process.execPath, args: ['-e', hang] },
    });
    const headers = { host: `shop.localhost:${local.httpPort}` };
    const request = get({ host: '127.0.0.1', port: local.httpPort, headers });
    request.on('error', () => {});
    await local.logged(ref, revision, /^a request$/);
    request.destroy();
    const filter = `${requests} AND NOT textPayload:*`;
    await expect(entriesOf(filter)).resolves.toMatchObject([{ httpRequest: { status: 499 } }]);
  });

  it('has WebSockets as 101 when they have ended', async () => {
    await local.deploy({ service: 'shop', container: webContainer() });
    await echoOnce(local, 'shop', 'hello');
    await refusedUpgrade(local, 'nobody');
    await expect(entriesOf(requests)).resolves.toMatchObject([{ httpRequest: { status: 101 } }]);
  });

  it('has what a container printed, line by line and in order', async () => {
    await local.deploy({ service: 'shop', container: webContainer({ HEALTH: 'exit', TRACEBACK: '1' }) });
    const stderr = await entriesOf('log_id("run.googleapis.com/stderr")', 8);
    expect(stderr.at(0)).toMatchObject({
      logName: 'projects/local-project/logs/run.googleapis.com%2Fstderr',
      severity: 'DEFAULT',
      textPayload: 'Traceback (most recent call last):',
    });
    expect(stderr.at(-1)?.textPayload).toMatch(/^\[worker 7\] exited before it was ready/);
    await local.deploy({ service: 'shop', container: webContainer({ VERSION: 'two' }) });
    await expect(entriesOf('log_id("run.googleapis.com/stdout")')).resolves.toMatchObject([
      { textPayload: 'listening, version two' },
    ]);
  });

  it('has exits as warnings and failed starts as errors, in the words of Cloud Run', async () => {
    const { ref, revision } = await local.deploy({
      service: 'shop',
      container: webContainer({ HEALTH: 'exit' }),
    });
    await expect(entriesOf(system, 2)).resolves.toMatchObject([
      { severity: 'WARNING', textPayload: 'Container called exit(1).' },
      {
        severity: 'ERROR',
        textPayload: expect.stringMatching(/^Default STARTUP TCP probe failed 1 time consecutively/),
        resource: { labels: { service_name: ref.service, revision_name: revision } },
      },
    ]);
  });
});
