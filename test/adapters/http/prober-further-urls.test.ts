import type { IncomingHttpHeaders } from 'node:http';
import { getCACertificates } from 'node:tls';
import { describe, expect, it } from '@jest/globals';
import { trustOf } from '../../../shared/adapters/http/trust.ts';
import { anIdToken, aRequest, ProberBench, testAuthority } from './prober-bench.ts';

const iapAudience = '1234-abc.apps.googleusercontent.com';
const tokens = { idToken: async (audience: string) => anIdToken(audience) };

/** A load balancer with a certificate of its own authority. */
async function aBalancer(bench: ProberBench, status = 200) {
  const seen: IncomingHttpHeaders[] = [];
  const pair = await bench.https(({ headers }, response) => {
    seen.push(headers);
    response.writeHead(status, { location: 'https://accounts.google.com/' }).end('hello');
  });
  return { seen, pair, url: `https://shop.localhost:${pair.split(':')[1]}/health` };
}

describe('UndiciProber and authorities of one’s own', () => {
  it('trusts them where they are given, and nowhere else', async () => {
    await using bench = new ProberBench();
    const { pair, url, seen } = await aBalancer(bench);
    const prober = bench.prober({ allowedLocalAddresses: [pair] });

    expect(await prober.probe(aRequest(url, { ca: testAuthority }))).toMatchObject({ status: 200 });
    expect(await prober.probe(aRequest(url))).toMatchObject({ kind: 'no-answer', cause: 'tls' });
    expect(await prober.probe(aRequest(url, { ca: testAuthority }))).toMatchObject({ status: 200 });
    expect(seen).toHaveLength(2);
  });

  it('still wants the right name in the certificate', async () => {
    await using bench = new ProberBench();
    const { pair } = await aBalancer(bench);
    const port = pair.split(':')[1];
    const prober = bench.prober({ allowedLocalAddresses: [pair] });
    const request = aRequest(`https://deep.shop.localhost:${port}/`, { ca: testAuthority });
    expect(await prober.probe(request)).toMatchObject({ kind: 'no-answer', cause: 'tls' });
  });

  it('trusts the public ones besides', () => {
    expect(trustOf(testAuthority).ca).toEqual([...getCACertificates('default'), testAuthority]);
    expect(trustOf(undefined)).toEqual({});
  });
});

describe('UndiciProber and Identity-Aware Proxy', () => {
  it('sends a token for exactly its audience, in Authorization, and none for the service', async () => {
    await using bench = new ProberBench();
    const { pair, url, seen } = await aBalancer(bench);
    const prober = bench.prober({ allowedLocalAddresses: [pair], tokens });
    const answer = await prober.probe(aRequest(url, { ca: testAuthority, iapAudience }));

    expect(answer).toMatchObject({ status: 200, authenticated: true });
    expect(seen).toMatchObject([{ authorization: `Bearer ${anIdToken(iapAudience)}` }]);
    expect(seen[0]).not.toHaveProperty('x-serverless-authorization');
    expect(JSON.stringify(answer)).not.toContain('signature');
  });

  it('sends it to nobody that this URL leads on to', async () => {
    await using bench = new ProberBench();
    const { pair, url, seen } = await aBalancer(bench, 302);
    const prober = bench.prober({ allowedLocalAddresses: [pair], tokens });
    expect(await prober.probe(aRequest(url, { ca: testAuthority, iapAudience }))).toMatchObject({
      status: 302,
    });
    expect(seen).toHaveLength(1);
  });

  it('sends none without TLS, and not to whom it does not trust', async () => {
    await using bench = new ProberBench();
    const seen: IncomingHttpHeaders[] = [];
    const plain = await bench.http(({ headers }, response) => {
      seen.push(headers);
      response.end();
    });
    const balancer = await aBalancer(bench);
    const prober = bench.prober({ allowedLocalAddresses: [plain, balancer.pair], tokens });

    expect(await prober.probe(aRequest(`http://${plain}/`, { iapAudience }))).toMatchObject({
      kind: 'no-answer',
      cause: 'blocked',
    });
    expect(await prober.probe(aRequest(balancer.url, { iapAudience }))).toMatchObject({ cause: 'tls' });
    expect([...seen, ...balancer.seen]).toEqual([]);
  });

  it('sends no token for anybody else, such as what Google makes for a person', async () => {
    await using bench = new ProberBench();
    const { pair, url, seen } = await aBalancer(bench);
    for (const token of [anIdToken('https://web-abc-uc.a.run.app'), 'opaque', 'head.e30.signature']) {
      const prober = bench.prober({ allowedLocalAddresses: [pair], tokens: { idToken: async () => token } });
      const answer = await prober.probe(aRequest(url, { ca: testAuthority, iapAudience }));
      expect(answer).toMatchObject({ kind: 'no-answer', cause: 'no-token' });
    }
    expect(seen).toEqual([]);
  });

  it('blames nobody when there is no token', async () => {
    await using bench = new ProberBench();
    const { pair, url, seen } = await aBalancer(bench);
    const idToken = () => Promise.reject(new Error('gaxios: Bearer secret'));
    const prober = bench.prober({ allowedLocalAddresses: [pair], tokens: { idToken } });
    const answer = await prober.probe(aRequest(url, { ca: testAuthority, iapAudience }));
    expect(answer).toMatchObject({ kind: 'no-answer', cause: 'no-token' });
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(seen).toEqual([]);
  });
});
