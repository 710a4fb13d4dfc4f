import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { request } from 'undici';
import { functionContainer } from '../../infra/local/pipeline/function-processes.ts';
import { LogBuffer } from '../../infra/local/process/log-buffer.ts';
import { OrphanGuard } from '../../infra/local/process/orphan-guard.ts';
import { startInstance } from '../../infra/local/process/start-instance.ts';
import type { FunctionName } from '../../shared/runtime/hops.ts';

const sender = {
  DEPLOY_LOOP_PUSH_AUDIENCE: 'https://check-health.example',
  DEPLOY_LOOP_PUSH_ACCOUNT: 'push@acme-staging.iam.gserviceaccount.com',
};
const none = { DEPLOY_LOOP_PUSH_AUTH: 'none' };
const oidc = { DEPLOY_LOOP_PUSH_AUTH: 'oidc', ...sender };
const iam = { DEPLOY_LOOP_PUSH_AUTH: 'iam', ...sender, K_SERVICE: 'check-health' };
const local = { DEPLOY_LOOP_CLOUD_ENDPOINT: '127.0.0.1:1' };

/** Other addresses of this machine: only a socket on all interfaces answers there. */
const others = ['127.0.0.2', '::1'];

/** A function in a process of its own, as the framework runs it. */
async function withFunction<T>(
  name: FunctionName,
  env: Readonly<Record<string, string>>,
  use: (port: number) => Promise<T>,
): Promise<T> {
  const logs = new LogBuffer();
  const guard = new OrphanGuard();
  const instance = await startInstance({
    container: functionContainer(name, {
      DEPLOY_LOOP_PROJECT: 'acme-staging',
      METADATA_SERVER_DETECTION: 'none',
      ...env,
    }),
    containerName: name,
    platformEnv: {},
    logs,
    guard,
    startTimeoutMs: 60_000,
    signal: new AbortController().signal,
  });
  try {
    if (!instance)
      throw new Error(
        logs
          .entries()
          .map(({ text }) => text)
          .join('\n'),
      );
    return await use(instance.port);
  } finally {
    await instance?.stop(0);
    await guard.close();
  }
}

function listensAt(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port });
  socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}

const answering = async (port: number) => {
  const answers = await Promise.all(others.map((host) => listensAt(host, port)));
  return answers.includes(true);
};

describe('a function in a process of its own', () => {
  it.each<[string, FunctionName, Readonly<Record<string, string>>]>([
    ['accepts any push', 'check-health', none],
    ['is part of a local stack that plays Cloud Run', 'check-health', { ...iam, ...local }],
    ['has no check of its own, outside Cloud Run', 'serve-reports', {}],
  ])('listens on 127.0.0.1 alone when it %s', async (_what, name, env) => {
    expect(await withFunction(name, env, answering)).toBe(false);
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['it verifies each token', oidc],
    ['Cloud Run does', iam],
  ])('listens on all interfaces when %s', async (_what, env) => {
    expect(await withFunction('check-health', env, answering)).toBe(true);
  });

  it.each([undefined, 'development'])('with NODE_ENV %s tells a caller nothing of its code', async (set) => {
    const env = { ...none, ...(set !== undefined && { NODE_ENV: set }) };
    const answer = await withFunction('check-health', env, async (port) => {
      const { statusCode, body } = await request(`http://127.0.0.1:${port}/`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"message": ',
      });
      return { statusCode, text: await body.text() };
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.text).toContain('Bad Request');
    expect(answer.text).not.toMatch(/SyntaxError|node_modules|\.js/);
  });

  it('answers requests with JSON that no browser runs or keeps', async () => {
    const answer = await withFunction('serve-reports', {}, (port) =>
      request(`http://127.0.0.1:${port}/api/nothing/%3Cscript%3E`),
    );
    expect(answer.statusCode).toBe(404);
    expect(answer.headers).toMatchObject({
      'content-type': expect.stringMatching(/^application\/json/),
      'content-security-policy': "default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['without a mode', {}],
    ['in mode iam outside Cloud Run', { ...iam, K_SERVICE: '' }],
  ])('does not start %s', async (_what, env) => {
    await expect(withFunction('check-health', env, answering)).rejects.toThrow('DEPLOY_LOOP_PUSH_AUTH');
  });
});
