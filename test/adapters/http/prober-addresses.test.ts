import { describe, expect, it, test } from '@jest/globals';
import { AddressGuard } from '../../../shared/adapters/http/address-guard.ts';
import { UndiciProber } from '../../../shared/adapters/http/undici-prober.ts';
import { aRequest, ProberBench } from './prober-bench.ts';

const publicAddress = { address: '203.0.112.7', family: 4 };

describe('a URL', () => {
  test.each([
    'https://169.254.169.254/computeMetadata/v1/',
    'http://169.254.169.254/',
    'http://metadata.google.internal/',
    'https://metadata.google.internal/',
    'https://metadata.google.internal./',
    'https://METADATA.Google.Internal/',
    'https://metadata.goog/',
    'https://metadata/',
    'https://vm.us-central1-a.c.acme.internal/',
    'https://localhost/',
    'https://localhost./',
    'https://app.localhost/',
    'https://127.0.0.1/',
    'https://127.0.0.1./',
    'https://127.1/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://2130706433/',
    'https://0/',
    'https://①②⑦.⓪.⓪.①/',
    'https://１２７.0.0.1/',
    'https://10.0.0.1/',
    'https://172.16.0.1/',
    'https://192.168.1.1/',
    'https://100.64.0.1/',
    'https://192.0.2.1/',
    'https://198.18.0.1/',
    'https://224.0.0.1/',
    'https://240.0.0.1/',
    'https://255.255.255.255/',
    'https://[::]/',
    'https://[::1]/',
    'https://[::127.0.0.1]/',
    'https://[::7f00:1]/',
    'https://[::ffff:169.254.169.254]/',
    'https://[::ffff:8.8.8.8]/',
    'https://[fd20:ce::254]/',
    'https://[fd00::1]/',
    'https://[fe80::1]/',
    'https://[fec0::1]/',
    'https://[ff02::1]/',
    'https://[64:ff9b::a9fe:a9fe]/',
    'https://[64:ff9b:1::1]/',
    'https://[2002:7f00:1::]/',
    'https://[2001:db8::1]/',
    'https://[4000::1]/',
    'https://user@example.com/',
    'https://user:secret@example.com/',
    'https://example.com@169.254.169.254/',
    'https://example.com:8443/',
    'http://example.com/',
    'file:///etc/passwd',
    'gopher://example.com/',
    'ftp://example.com/',
    'data:text/plain,ok',
    'javascript:0',
    'not a url',
    '',
  ])('is blocked before anything is asked or resolved: %s', async (url) => {
    await using bench = new ProberBench();
    const prober = bench.prober({ resolve: () => Promise.reject(new Error('resolved')) });

    const answer = await prober.probe(aRequest(url));

    expect(answer).toMatchObject({ kind: 'no-answer', cause: 'blocked', latencyMs: 0 });
    expect(answer).not.toMatchObject({ detail: expect.stringContaining('secret') });
  });

  test.each([
    'https://example.com/',
    'https://example.com:443/',
    'https://8.8.8.8/',
    'https://[2600:1900::1]/',
    'https://web---shop-abc-uc.a.run.app/',
  ])('is admitted when it is public: %s', (url) => {
    expect(new AddressGuard([]).admit(url).kind).toBe('admitted');
  });
});

describe('a name', () => {
  test.each([
    ['169.254.169.254', 4],
    ['127.0.0.1', 4],
    ['10.1.2.3', 4],
    ['100.64.0.1', 4],
    ['fd20:ce::254', 6],
    ['::1', 6],
    ['64:ff9b::a9fe:a9fe', 6],
    ['::ffff:10.0.0.1', 6],
  ])(
    'that resolves to %s is blocked, also when other addresses of it are public',
    async (address, family) => {
      await using bench = new ProberBench();
      const prober = bench.prober({ resolve: async () => [publicAddress, { address, family }] });

      expect(await prober.probe(aRequest('https://rebind.example.com/'))).toMatchObject({
        kind: 'no-answer',
        cause: 'blocked',
        detail: expect.stringContaining(address),
      });
    },
  );

  test.each([true, false])(
    'is resolved once, and the addresses that were checked are those to connect to (all: %s)',
    async (all) => {
      let lookups = 0;
      const guard = new AddressGuard([], async () => {
        lookups += 1;
        return [lookups === 1 ? publicAddress : { address: '127.0.0.1', family: 4 }];
      });

      const result = await new Promise((resolve) =>
        guard.lookup('rebind.example.com', { all }, (error, address) => resolve(error ?? address)),
      );

      expect(result).toEqual(all ? [publicAddress] : publicAddress.address);
      expect(lookups).toBe(1);
    },
  );

  it('without an address is blocked', async () => {
    await using bench = new ProberBench();
    const prober = bench.prober({ resolve: async () => [] });
    expect(await prober.probe(aRequest('https://nothing.example.com/'))).toMatchObject({ cause: 'blocked' });
  });

  it('is resolved by the prober itself when it ends in .localhost', async () => {
    await using bench = new ProberBench();
    const pair = await bench.http((request, response) => response.end(request.headers.host));
    const host = `blog.acme.localhost:${pair.split(':')[1]}`;
    const prober = bench.prober({
      allowedLocalAddresses: [pair],
      resolve: () => Promise.reject(new Error('resolved')),
    });

    expect(await prober.probe(aRequest(`http://${host}/`))).toMatchObject({
      kind: 'answer',
      status: 200,
      body: host,
    });
  });
});

describe('an allowed local address', () => {
  it('lets exactly its own address and port through', () => {
    const guard = new AddressGuard(['127.0.0.1:8123', '[::1]:8124', 'localhost:8125']);
    const kindOf = (url: string) => guard.admit(url).kind;

    expect(kindOf('http://127.0.0.1:8123/')).toBe('admitted');
    expect(kindOf('http://2130706433:8123/')).toBe('admitted');
    expect(kindOf('http://blog.localhost:8123/')).toBe('admitted');
    expect(kindOf('https://127.0.0.1:8123/')).toBe('admitted');
    expect(kindOf('http://[::1]:8124/')).toBe('admitted');
    expect(kindOf('http://127.0.0.1:8125/')).toBe('admitted');
    expect(kindOf('http://127.0.0.1:8124/')).toBe('blocked');
    expect(kindOf('http://127.0.0.2:8123/')).toBe('blocked');
    expect(kindOf('http://[::1]:8123/')).toBe('blocked');
    expect(kindOf('http://user@127.0.0.1:8123/')).toBe('blocked');
    expect(kindOf('http://example.com:8123/')).toBe('blocked');
    expect(kindOf('https://example.com:8123/')).toBe('blocked');
    expect(kindOf('https://localhost.example.com:8123/')).toBe('blocked');
  });

  test.each([
    '127.0.0.1',
    'example.com:80',
    '127.0.0.1:',
    ':80',
    '127.0.0.1:99999',
    'http://127.0.0.1:80',
    '127.0.0.1:80/x',
    'u@127.0.0.1:80',
    '',
  ])('is refused at start when it is no address and port: %j', (pair) => {
    const tokens = { idToken: async () => 'token' };
    expect(() => new UndiciProber({ tokens, allowedLocalAddresses: [pair] })).toThrow(RangeError);
  });
});
