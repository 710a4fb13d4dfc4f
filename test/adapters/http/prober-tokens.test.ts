import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it, test } from '@jest/globals';
import type { IdTokens } from '../../../shared/adapters/id-tokens/id-tokens.ts';
import { mayReceiveToken } from '../../../shared/adapters/id-tokens/token-audience.ts';
import { PermanentError } from '../../../shared/domain/errors.ts';
import type { Authenticate } from '../../../shared/ports/prober.ts';
import { aRequest, ProberBench } from './prober-bench.ts';

const token = 'head.body.signature';
const tokens: IdTokens = { idToken: async (audience) => `${token}.${new URL(audience).hostname}` };

/** A service that answers 403 to whoever brings no token, like a private one on Cloud Run. */
async function aPrivateService(bench: ProberBench) {
  const seen: IncomingHttpHeaders[] = [];
  const pair = await bench.http(({ headers }, response) => {
    seen.push(headers);
    response.writeHead(headers['x-serverless-authorization'] ? 200 : 403).end();
  });
  return {
    seen,
    port: pair.split(':')[1],
    url: `http://backend.localhost:${pair.split(':')[1]}`,
    allowedLocalAddresses: [pair],
  };
}

describe('UndiciProber and private services', () => {
  it('asks again with a token when it is refused without one, and remembers that', async () => {
    await using bench = new ProberBench();
    const { seen, url, allowedLocalAddresses } = await aPrivateService(bench);
    const prober = bench.prober({ tokens, allowedLocalAddresses });
    const request = aRequest(url, { authenticate: 'auto', audience: url });

    expect(await prober.probe(request)).toMatchObject({ kind: 'answer', status: 200, authenticated: true });
    expect(await prober.probe(request)).toMatchObject({ kind: 'answer', status: 200, authenticated: true });

    const sent = seen.map((headers) => headers['x-serverless-authorization']);
    expect(sent).toEqual([
      undefined,
      `Bearer ${token}.backend.localhost`,
      `Bearer ${token}.backend.localhost`,
    ]);
    expect(seen.every((headers) => headers.authorization === undefined)).toBe(true);
  });

  it('does not remember a token that did not help', async () => {
    await using bench = new ProberBench();
    let requests = 0;
    const pair = await bench.http((_, response) => {
      requests += 1;
      response.writeHead(401).end();
    });
    const prober = bench.prober({ tokens, allowedLocalAddresses: [pair] });
    const request = aRequest(`http://${pair}/`, { authenticate: 'auto', audience: `http://${pair}` });

    expect(await prober.probe(request)).toMatchObject({ status: 401, authenticated: true });
    await prober.probe(request);
    expect(requests).toBe(4);
  });

  it('sends a token at once when told to, and to a tag for the audience of its service', async () => {
    await using bench = new ProberBench();
    const { seen, url, port, allowedLocalAddresses } = await aPrivateService(bench);
    const prober = bench.prober({ tokens, allowedLocalAddresses });

    const answer = await prober.probe(
      aRequest(`http://deploy-loop-stable---backend.localhost:${port}/`, {
        authenticate: 'always',
        audience: url,
      }),
    );

    expect(answer).toMatchObject({ status: 200, authenticated: true });
    expect(seen).toHaveLength(1);
  });

  it('never sends one when told not to', async () => {
    await using bench = new ProberBench();
    const { url, allowedLocalAddresses } = await aPrivateService(bench);
    const answer = await bench.prober({ allowedLocalAddresses }).probe(aRequest(url, { audience: url }));
    expect(answer).toMatchObject({ status: 403, authenticated: false });
  });

  test.each<Authenticate>(['always', 'auto'])(
    'never sends one to another host than the audience’s (%s)',
    async (authenticate) => {
      await using bench = new ProberBench();
      const { seen, url, allowedLocalAddresses } = await aPrivateService(bench);
      const prober = bench.prober({ tokens, allowedLocalAddresses });

      const answer = await prober.probe(
        aRequest(url, { authenticate, audience: 'https://backend-abc-uc.a.run.app' }),
      );

      expect(answer).toMatchObject({ kind: 'no-answer', cause: 'blocked' });
      expect(seen.every((headers) => headers['x-serverless-authorization'] === undefined)).toBe(true);
    },
  );

  it('never sends one on after a redirect', async () => {
    await using bench = new ProberBench();
    const pair = await bench.http((_, response) =>
      response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
    );
    const prober = bench.prober({ tokens, allowedLocalAddresses: [pair] });
    const answer = await prober.probe(
      aRequest(`http://${pair}/`, { authenticate: 'always', audience: `http://${pair}` }),
    );
    expect(answer).toMatchObject({ kind: 'answer', status: 307 });
  });

  test.each([
    [
      'nobody is signed in',
      () => Promise.reject(new PermanentError('no ID token; run as a service account')),
      'service account',
    ],
    ['the library fails', () => Promise.reject(new Error(`gaxios: ${token}`)), 'no ID token'],
    ['it takes too long', () => new Promise<string>(() => {}), 'no ID token'],
  ])('says no-token when %s, and blames nobody', async (_, idToken, hint) => {
    await using bench = new ProberBench();
    const { url, allowedLocalAddresses } = await aPrivateService(bench);
    const prober = bench.prober({ tokens: { idToken }, allowedLocalAddresses });

    const answer = await prober.probe(
      aRequest(url, { authenticate: 'auto', audience: url, timeoutMs: 1_500 }),
    );

    expect(answer).toMatchObject({
      kind: 'no-answer',
      cause: 'no-token',
      detail: expect.stringContaining(hint),
    });
    expect(JSON.stringify(answer)).not.toContain(token);
  });

  it('shows no token that cannot be sent', async () => {
    await using bench = new ProberBench();
    const { url, allowedLocalAddresses } = await aPrivateService(bench);
    const prober = bench.prober({
      tokens: { idToken: async () => `${token}\r\nx: y` },
      allowedLocalAddresses,
    });

    const answer = await prober.probe(aRequest(url, { authenticate: 'always', audience: url }));

    expect(answer).toMatchObject({ kind: 'no-answer' });
    expect(JSON.stringify(answer)).not.toContain(token);
  });
});

test.each([
  ['https://web-abc-uc.a.run.app/health', true],
  ['https://green---web-abc-uc.a.run.app/', true],
  ['https://web-abc-uc.a.run.app:8443/', false],
  ['http://web-abc-uc.a.run.app/', false],
  ['https://other-abc-uc.a.run.app/', false],
  ['https://evil.example---web-abc-uc.a.run.app/', false],
  ['https://---web-abc-uc.a.run.app/', false],
  ['https://web-abc-uc.a.run.app.example.com/', false],
  ['https://evil.com/---web-abc-uc.a.run.app', false],
])('a token for https://web-abc-uc.a.run.app may go to %s: %s', (url, expected) => {
  expect(mayReceiveToken(new URL(url), 'https://web-abc-uc.a.run.app')).toBe(expected);
});
