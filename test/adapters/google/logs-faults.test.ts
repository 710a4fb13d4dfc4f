import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LocalCloud } from '../../../infra/local/local-cloud.ts';
import { logNameOf, type NewLogRecord } from '../../../infra/local/logging/log-record.ts';
import { GoogleLogs } from '../../../shared/adapters/google/google-logs.ts';
import { parseRequestLogEntry } from '../../../shared/adapters/google/request-log-entry.ts';
import { TransientError } from '../../../shared/domain/errors.ts';
import type { RevisionName } from '../../../shared/domain/ids.ts';

const ref = { project: 'local-project', region: 'us-central1', service: 'shop' };
const revision = 'shop-00001-abc' as RevisionName;
const from = new Date('2026-11-05T10:00:00Z');
const to = new Date('2026-11-05T11:00:00Z');
const query = { ref, revision, from, to };
const requestLog = 'log_id("run.googleapis.com/requests")';

describe('GoogleLogs, when things go wrong', () => {
  let local: LocalCloud;
  let logs: GoogleLogs;
  beforeEach(async () => {
    local = await LocalCloud.start({ profile: 'fast' });
    logs = new GoogleLogs({ endpoint: local.endpoint });
  });
  afterEach(async () => {
    await logs.close();
    await local.stop();
  });
  /** Requests of the revision, one a second; their status is `200 + i`. */
  const write = (count: number, entry: Partial<NewLogRecord> = {}) => {
    for (let i = 0; i < count; i++) {
      local.logging.write({
        logName: logNameOf(ref.project, 'run.googleapis.com/requests'),
        resource: {
          type: 'cloud_run_revision',
          labels: {
            project_id: ref.project,
            location: ref.region,
            service_name: ref.service,
            revision_name: revision,
          },
        },
        timestamp: new Date(from.getTime() + i * 1_000),
        severity: 'INFO',
        httpRequest: { requestMethod: 'GET', requestUrl: '/', status: 200 + i, userAgent: 'x', latency: 5 },
        ...entry,
      });
    }
  };
  const statuses = async () => (await logs.listRequests(query)).requests.map((request) => request.status);

  it.each([
    ['RESOURCE_EXHAUSTED', 'TransientError'],
    ['DEADLINE_EXCEEDED', 'TransientError'],
    ['INTERNAL', 'TransientError'],
    ['PERMISSION_DENIED', 'PermanentError'],
    ['UNAUTHENTICATED', 'TransientError'],
    ['INVALID_ARGUMENT', 'PermanentError'],
    ['NOT_FOUND', 'PermanentError'],
  ] as const)('takes %s for a %s, and does not ask again', async (code, expected) => {
    local.faults.next('ListLogEntries', { code: status[code], message: 'so it is' });
    await expect(logs.listRequests(query)).rejects.toMatchObject({
      name: expected,
      // A refusal goes on with what mends it.
      message: expect.stringContaining(`ListLogEntries of shop-00001-abc: ${code}: so it is`),
    });
  });

  it('says in one line which role is missing', async () => {
    const message =
      'The caller does not have permission.\n{"@type":"type.googleapis.com/google.rpc.ErrorInfo"}';
    local.faults.next('ListLogEntries', { code: status.PERMISSION_DENIED, message });
    await expect(logs.listEntries(query, 'output')).rejects.toThrow(
      /^ListLogEntries of shop-00001-abc: PERMISSION_DENIED: The caller does not have permission: give this account roles\/logging\.viewer \(.+\), or correct the project$/,
    );
  });

  it('asks once more when the API was not there, and no oftener', async () => {
    write(1);
    local.faults.next('ListLogEntries', { dropRequest: true });
    await expect(statuses()).resolves.toEqual([200]);
    local.faults.next('ListLogEntries', { dropRequest: true, times: 2 });
    await expect(logs.listRequests(query)).rejects.toBeInstanceOf(TransientError);
  });

  it('calls an API that is not there transient', async () => {
    const nobody = new GoogleLogs({ endpoint: { host: '127.0.0.1', port: 9 } });
    await expect(nobody.listRequests(query)).rejects.toBeInstanceOf(TransientError);
    await nobody.close();
  });

  it('opens its sockets again after it was closed', async () => {
    await logs.close();
    await expect(logs.listRequests(query)).resolves.toEqual({ requests: [], complete: true });
  });

  it('says that the read quota is used up, in the words of Cloud Logging', async () => {
    const small = await LocalCloud.start({ profile: 'fast', overrides: { logReadsPerMinute: 1 } });
    const reader = new GoogleLogs({ endpoint: small.endpoint });
    await reader.listRequests(query);
    await expect(reader.listRequests(query)).rejects.toMatchObject({
      name: 'TransientError',
      message: expect.stringMatching(/RESOURCE_EXHAUSTED: Quota exceeded for quota metric 'Read requests'/),
    });
    await reader.close();
    await small.stop();
  });

  it('sees late entries late', async () => {
    const release = local.faults.holdLogs();
    write(2);
    await expect(statuses()).resolves.toEqual([]);
    release();
    await expect(statuses()).resolves.toEqual([201, 200]);
  });

  it('sees nothing of what is excluded', async () => {
    const lift = local.faults.excludeLogs(`${requestLog} AND httpRequest.status=201`);
    write(3);
    await expect(statuses()).resolves.toEqual([202, 200]);
    lift();
    write(3);
    await expect(statuses()).resolves.toContain(201);
  });

  it('reads 2,000 requests in two calls, and says whether there are more', async () => {
    write(2_000);
    const all = await logs.listRequests(query);
    expect(all).toMatchObject({ complete: true, requests: { length: 2_000 } });
    write(1, { timestamp: new Date(to.getTime() - 1) });
    // A third call would fail.
    local.faults.next('ListLogEntries', { latencyMs: 1, times: 2 });
    local.faults.next('ListLogEntries', { code: status.INTERNAL, message: 'a third call' });
    const newest = await logs.listRequests(query);
    expect(newest).toMatchObject({ complete: false, requests: { length: 2_000 } });
    expect(newest.requests[0]?.at).toEqual(new Date(to.getTime() - 1));
    expect(newest.requests.at(-1)?.at).toEqual(new Date(from.getTime() + 1_000));
  });

  it('gives nothing rather than half when the second page fails', async () => {
    write(1_001);
    local.faults.next('ListLogEntries', { latencyMs: 1 });
    local.faults.next('ListLogEntries', { code: status.RESOURCE_EXHAUSTED, message: 'enough' });
    await expect(logs.listRequests(query)).rejects.toBeInstanceOf(TransientError);
  });

  it('leaves out entries that do not say how a request ended', async () => {
    write(1, { httpRequest: undefined, textPayload: 'no request' });
    write(1, { httpRequest: { requestMethod: 'GET', requestUrl: '/', status: 0, userAgent: '' } });
    await expect(statuses()).resolves.toEqual([]);
  });

  it('takes no name for a part of its question', async () => {
    write(1);
    const service = 'x" OR resource.labels.service_name="shop';
    const asked = logs.listRequests({ ...query, ref: { ...ref, service } });
    await expect(asked).resolves.toEqual({ requests: [], complete: true });
  });
});

describe('a request in an answer of Google', () => {
  const timestamp = { seconds: '1793872800', nanos: 250_000_000 };

  it('may lack its latency and its user agent', () => {
    expect(parseRequestLogEntry({ timestamp, httpRequest: { status: 204 } })).toEqual({
      at: new Date(1_793_872_800_250),
      status: 204,
      latencyMs: undefined,
      userAgent: '',
    });
  });

  it('has its latency in milliseconds', () => {
    const latency = { seconds: '1', nanos: 250_500_000 };
    const entry = { timestamp, httpRequest: { status: 200, latency, userAgent: 'a browser' } };
    expect(parseRequestLogEntry(entry)).toMatchObject({ latencyMs: 1_250.5, userAgent: 'a browser' });
  });

  it('is refused without a time', () => {
    expect(() => parseRequestLogEntry({ httpRequest: { status: 200 } })).toThrow();
  });
});
