import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it, test } from '@jest/globals';
import { WebhookNotifier } from '../../../shared/adapters/webhook/webhook-notifier.ts';
import { PermanentError, TransientError } from '../../../shared/domain/errors.ts';
import { FakeClock } from '../../world/fake-clock.ts';

let server: Server;
let address: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const seen: IncomingMessage[] = [];
const clock = new FakeClock();

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(request);
    request.resume();
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const secretPath = '/services/T000/B000/hunter2';

async function faultOf(
  url = `http://${address}${secretPath}`,
  allowed = [address],
): Promise<Error | undefined> {
  const notifier = new WebhookNotifier({
    secrets: { value: async (source) => ('env' in source && source.env === 'KEY' ? 'key' : url) },
    clock,
    allowedLocalAddresses: allowed,
    timeoutMs: 300,
  });
  try {
    await notifier.send({ id: 'a.b', url: { env: 'URL' }, secret: { env: 'KEY' }, body: '{}' });
    return undefined;
  } catch (error) {
    return error as Error;
  } finally {
    await notifier.close();
  }
}

const status =
  (code: number, headers: Record<string, string> = {}) =>
  (_request: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(code, headers).end('no such channel');

it('signs the time and the body, and says which event it is', async () => {
  answer = status(200);
  expect(await faultOf()).toBeUndefined();
  const { headers, method } = seen.at(-1) ?? {};
  const seconds = String(clock.now().getTime() / 1000);
  expect(method).toBe('POST');
  expect(headers).toMatchObject({
    'deploy-loop-id': 'a.b',
    'deploy-loop-timestamp': seconds,
    'deploy-loop-signature': `sha256=${createHmac('sha256', 'key').update(`${seconds}.{}`).digest('hex')}`,
    'content-type': 'application/json; charset=utf-8',
  });
});

test.each([
  [429, { 'retry-after': '120' }, 120_000],
  [503, { 'retry-after': 'Mon, 02 Mar 2026 09:01:00 GMT' }, 60_000],
  [503, { 'retry-after': 'soon' }, undefined],
  [500, {}, undefined],
])('HTTP %s with %j is tried again', async (code, headers, retryAfterMs) => {
  answer = status(code, headers);
  const fault = await faultOf();
  expect(fault).toBeInstanceOf(TransientError);
  expect(fault).toMatchObject({ retryAfterMs, message: `the webhook answered HTTP ${code}` });
});

test.each([400, 404, 302])('HTTP %s is not, and no redirect is followed', async (code) => {
  const before = seen.length;
  answer = status(code, { location: `http://${address}/other` });
  expect(await faultOf()).toBeInstanceOf(PermanentError);
  expect(seen.length - before).toBe(1);
});

it('gives up waiting for an answer', async () => {
  answer = () => {};
  const fault = await faultOf();
  expect(fault).toBeInstanceOf(TransientError);
  expect(fault?.message).toBe('the webhook did not answer: timeout');
});

test.each([
  ['a private address', () => `http://${address}${secretPath}`, []],
  ['what is no URL', () => 'hunter2', []],
  ['the metadata server', () => `http://169.254.169.254${secretPath}`, []],
])('refuses %s, and never tells the URL', async (_what, url, allowed) => {
  const fault = await faultOf(url(), allowed);
  expect(fault).toBeInstanceOf(PermanentError);
  expect(fault?.message).not.toContain('hunter2');
});
