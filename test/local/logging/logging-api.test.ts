import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LocalCloud } from '../../../infra/local/local-cloud.ts';
import { type LoggingClient, openLoggingClient } from './logging-client.ts';

const resourceNames = ['projects/local-project'];
const logName = 'projects/local-project/logs/app';
const resource = { type: 'global', labels: { project_id: 'local-project' } };
const seconds = Math.floor(Date.now() / 1000) - 60;

describe('the API of the local Cloud Logging', () => {
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
  /** One entry a second, `0` first. */
  const writeTexts = async (count: number) => {
    const entries = Array.from({ length: count }, (_, i) => ({
      timestamp: { seconds: seconds + i },
      textPayload: String(i),
    }));
    await client.write({ logName, resource, entries });
  };
  const texts = async (request: object) =>
    (await client.list({ resourceNames, ...request })).entries.map(({ textPayload }) => textPayload);

  it('gives back what was written, with what the request said for all entries', async () => {
    const jsonPayload = {
      fields: { worker: { structValue: { fields: { id: { numberValue: 7 }, ok: { boolValue: true } } } } },
    };
    const httpRequest = { requestMethod: 'GET', status: 503, latency: { seconds: 1, nanos: 500_000_000 } };
    await client.write({
      logName,
      resource,
      labels: { team: 'shop', kind: 'any' },
      entries: [
        { severity: 'ERROR', insertId: 'one', timestamp: { seconds }, labels: { kind: 'own' }, jsonPayload },
        { insertId: 'two', timestamp: { seconds: seconds + 1 }, trace: 'projects/p/traces/t', httpRequest },
      ],
    });
    const { entries } = await client.list({ resourceNames });
    expect(entries).toMatchObject([
      {
        logName,
        resource,
        severity: 'ERROR',
        insertId: 'one',
        timestamp: { seconds: String(seconds), nanos: 0 },
        receiveTimestamp: { seconds: expect.any(String) },
        labels: { team: 'shop', kind: 'own' },
        jsonPayload,
        httpRequest: null,
      },
      {
        severity: 'DEFAULT',
        insertId: 'two',
        trace: 'projects/p/traces/t',
        httpRequest: { ...httpRequest, latency: { seconds: '1', nanos: 500_000_000 } },
      },
    ]);
    await expect(
      texts({ filter: 'jsonPayload.worker.id=7 AND jsonPayload.worker.ok=true' }),
    ).resolves.toHaveLength(1);
  });

  it('gives the oldest first, or the newest if asked', async () => {
    await writeTexts(3);
    await expect(texts({})).resolves.toEqual(['0', '1', '2']);
    await expect(texts({ orderBy: 'timestamp asc' })).resolves.toEqual(['0', '1', '2']);
    await expect(texts({ orderBy: 'timestamp desc' })).resolves.toEqual(['2', '1', '0']);
  });

  it('gives 50 entries at a time unless told otherwise, and a token for the rest', async () => {
    await writeTexts(60);
    const first = await client.list({ resourceNames });
    expect(first.entries).toHaveLength(50);
    const second = await client.list({ resourceNames, pageToken: first.nextPageToken });
    expect(second.entries.map(({ textPayload }) => textPayload).at(0)).toBe('50');
    expect(second).toMatchObject({ entries: { length: 10 }, nextPageToken: '' });
  });

  it('goes on where a page ended, whatever has come in meanwhile', async () => {
    await writeTexts(4);
    const question = { resourceNames, orderBy: 'timestamp desc', pageSize: 2 };
    const first = await client.list(question);
    await client.write({ logName, resource, entries: [{ textPayload: 'newer' }] });
    const second = await client.list({ ...question, pageToken: first.nextPageToken });
    expect(second.entries.map(({ textPayload }) => textPayload)).toEqual(['1', '0']);
  });

  it('takes a token for its own question only', async () => {
    await writeTexts(2);
    const { nextPageToken } = await client.list({ resourceNames, pageSize: 1 });
    for (const request of [
      { pageToken: nextPageToken, filter: 'severity=ERROR' },
      { pageToken: nextPageToken, orderBy: 'timestamp desc' },
      { pageToken: 'made up' },
    ]) {
      const asked = client.list({ resourceNames, ...request });
      await expect(asked).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
    }
  });

  it('shows an entry that was written twice once', async () => {
    const entry = { insertId: 'same', timestamp: { seconds }, textPayload: 'once' };
    await client.write({ logName, resource, entries: [entry] });
    await client.write({ logName, resource, entries: [entry] });
    await expect(texts({})).resolves.toEqual(['once']);
  });

  it('shows a project what is its own', async () => {
    await writeTexts(1);
    await expect(texts({ resourceNames: ['projects/another'] })).resolves.toEqual([]);
    await expect(texts({ resourceNames: ['projects/another', ...resourceNames] })).resolves.toEqual(['0']);
  });

  it('writes nothing that was only to be checked', async () => {
    await client.write({ logName, resource, entries: [{ textPayload: 'dry' }], dryRun: true });
    await expect(texts({})).resolves.toEqual([]);
  });

  it.each([
    [{ filter: 'severity>=' }, /Unparseable filter/],
    [{ orderBy: 'severity' }, /order_by/],
    [{ pageSize: 1_001 }, /page_size/],
    [{ pageSize: -1 }, /page_size/],
    [{ resourceNames: [] }, /resource_names/],
    [{ resourceNames: ['folders/1'] }, /resource_names/],
  ])('refuses to list by %j', async (request, details) => {
    await expect(client.list({ resourceNames, ...request })).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringMatching(details),
    });
  });

  it.each([
    [{ logName: 'app' }, /log_name/],
    [{ resource: null }, /resource/],
    [{ entries: [{}, { timestamp: { seconds: seconds + 90_000 } }] }, /entries\[1\].timestamp/],
  ])('refuses to write %j, and writes none of it', async (request, details) => {
    const written = client.write({ logName, resource, entries: [{ textPayload: 'x' }], ...request });
    await expect(written).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringMatching(details),
    });
    await expect(texts({})).resolves.toEqual([]);
  });
});
