import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, test } from '@jest/globals';
import { aRequest, ProberBench } from './prober-bench.ts';

const MiB = 1024 * 1024;

describe('UndiciProber', () => {
  it('returns what the other side says, as it is', async () => {
    await using bench = new ProberBench();
    const pair = await bench.http((_, response) => {
      response.writeHead(503, { 'X-State': 'down', 'set-cookie': ['a=1', 'b=2'] }).end('{"ok":false,"é":1}');
    });

    const answer = await bench.ask(pair);

    expect(answer).toMatchObject({
      kind: 'answer',
      status: 503,
      body: '{"ok":false,"é":1}',
      truncated: false,
      authenticated: false,
    });
    expect(answer).toMatchObject({ headers: { 'x-state': 'down', 'set-cookie': 'a=1, b=2' } });
    expect(answer.latencyMs).toBeGreaterThan(0);
  });

  it('says who it is, and asks for a fresh answer on a connection of its own', async () => {
    await using bench = new ProberBench();
    const seen: IncomingHttpHeaders[] = [];
    const connections = new Set<Socket>();
    const pair = await bench.http((request, response) => {
      seen.push(request.headers);
      connections.add(request.socket);
      response.end();
    });
    const prober = bench.prober({ allowedLocalAddresses: [pair] });

    await prober.probe(aRequest(`http://${pair}/`));
    await prober.probe(aRequest(`http://${pair}/`));

    expect(seen[0]).toMatchObject({
      'user-agent': 'deploy-loop',
      accept: '*/*',
      'cache-control': 'no-cache',
      connection: 'close',
    });
    expect(seen[0]).not.toHaveProperty('authorization');
    expect(seen[0]).not.toHaveProperty('cookie');
    expect(connections.size).toBe(2);
  });

  describe('in a session', () => {
    it('shares a connection until the session ends, and closes it then', async () => {
      await using bench = new ProberBench();
      const sockets: Socket[] = [];
      // It would be kept for minutes.
      const answer = `HTTP/1.1 200 OK\r\nkeep-alive: timeout=600\r\ncontent-length: 0\r\n\r\n`;
      const pair = await bench.tcp((socket) => {
        sockets.push(socket);
        socket.on('data', () => socket.write(answer));
      });
      const prober = bench.prober({ allowedLocalAddresses: [pair] });
      const session = new AbortController();
      const ask = () => prober.probe(aRequest(`http://${pair}/`, { session: session.signal }));

      await ask();
      await ask();
      expect(sockets).toHaveLength(1);
      const [kept] = sockets;
      const closed = kept && once(kept, 'close', { signal: AbortSignal.timeout(5_000) });
      session.abort();
      await closed;
      await ask();
      expect(sockets).toHaveLength(2);
    });

    it.each<[string, (socket: Socket) => void]>([
      ['says nothing', (socket) => socket.destroy()],
      ['breaks off', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc')],
    ])('takes it for the answer when a kept connection %s, and keeps none after it', async (_, cut) => {
      await using bench = new ProberBench();
      let requests = 0;
      let connections = 0;
      const pair = await bench.tcp((socket) => {
        connections++;
        socket.on('data', () => {
          if (++requests === 2) cut(socket);
          else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
        });
      });
      const prober = bench.prober({ allowedLocalAddresses: [pair] });
      const { signal: session } = new AbortController();
      const ask = () => prober.probe(aRequest(`http://${pair}/`, { session }));
      expect(await ask()).toMatchObject({ kind: 'answer' });
      expect(await ask()).toMatchObject({ kind: 'no-answer', cause: 'refused' });
      expect(requests).toBe(2);
      expect(await ask()).toMatchObject({ kind: 'answer' });
      expect(await ask()).toMatchObject({ kind: 'answer' });
      expect(connections).toBe(3);
    });

    it('shares the next connection when an answer ends one', async () => {
      await using bench = new ProberBench();
      const sockets = new Set<Socket>();
      const pair = await bench.http(({ socket }, response) => {
        if (sockets.add(socket).size === 1) response.setHeader('connection', 'close');
        response.end();
      });
      const prober = bench.prober({ allowedLocalAddresses: [pair] });
      const { signal: session } = new AbortController();
      for (let n = 0; n < 5; n++) await prober.probe(aRequest(`http://${pair}/`, { session }));
      expect(sockets.size).toBe(2);
    });

    it('asks another origin on a connection of its own', async () => {
      await using bench = new ProberBench();
      const [one, other] = await Promise.all(
        ['one', 'other'].map((name) => bench.http((_, response) => response.end(name))),
      );
      const prober = bench.prober({ allowedLocalAddresses: [`${one}`, `${other}`] });
      const { signal: session } = new AbortController();
      await prober.probe(aRequest(`http://${one}/`, { session }));
      const answer = await prober.probe(aRequest(`http://${other}/`, { session }));
      expect(answer).toMatchObject({ kind: 'answer', body: 'other' });
    });

    it('does not wait longer on a connection that was kept', async () => {
      await using bench = new ProberBench();
      let requests = 0;
      const pair = await bench.http((_, response) => {
        if (++requests === 1) response.end();
      });
      const prober = bench.prober({ allowedLocalAddresses: [pair] });
      const { signal: session } = new AbortController();
      await prober.probe(aRequest(`http://${pair}/`, { session }));
      const answer = await prober.probe(aRequest(`http://${pair}/`, { session, timeoutMs: 150 }));
      expect(answer).toMatchObject({ kind: 'no-answer', cause: 'timeout' });
      expect(requests).toBe(2);
    });
  });

  test.each([301, 302, 303, 307, 308])('takes a %d as the answer and goes nowhere', async (status) => {
    await using bench = new ProberBench();
    let requests = 0;
    const pair = await bench.http((_, response) => {
      requests += 1;
      response.writeHead(status, { location: '/again' }).end();
    });

    expect(await bench.ask(pair)).toMatchObject({ kind: 'answer', status, headers: { location: '/again' } });
    expect(requests).toBe(1);
  });

  it('stops reading an endless body at 1 MiB, and hangs up', async () => {
    await using bench = new ProberBench();
    const closed = Promise.withResolvers<void>();
    const pair = await bench.http((_, response) => {
      const more = () => {
        while (response.write('x'.repeat(64 * 1024)));
      };
      response.on('drain', more).on('close', closed.resolve);
      more();
    });

    const answer = await bench.ask(pair);
    await closed.promise;

    expect(answer).toMatchObject({ kind: 'answer', status: 200, truncated: true });
    expect(answer.kind === 'answer' && answer.body.length).toBe(MiB);
  });

  it('counts decoded bytes, so that a gzip bomb does not go off', async () => {
    await using bench = new ProberBench();
    const bomb = gzipSync(Buffer.alloc(200 * MiB));
    const pair = await bench.http((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    });

    const answer = await bench.ask(pair);

    expect(answer).toMatchObject({ kind: 'answer', truncated: true });
    expect(answer.kind === 'answer' && answer.body.length).toBe(MiB);
  });

  it('reads a body of exactly 1 MiB to its end', async () => {
    await using bench = new ProberBench();
    const pair = await bench.http((_, response) => response.end('x'.repeat(MiB)));
    expect(await bench.ask(pair)).toMatchObject({ kind: 'answer', truncated: false });
  });
});

describe('the deadline of a probe', () => {
  test.each([
    ['accepts and says nothing', (_: Socket) => {}],
    ['sends its head byte by byte', drip('HTTP/1.1 200 OK\r\n', 'x-header: on and on\r\n')],
    ['sends its body byte by byte', drip('HTTP/1.1 200 OK\r\n\r\n', 'on and on')],
  ])('ends it when the other side %s', async (_, onConnection) => {
    await using bench = new ProberBench();
    const pair = await bench.tcp(onConnection);

    const answer = await bench.ask(pair, { timeoutMs: 150 });

    expect(answer).toMatchObject({ kind: 'no-answer', cause: 'timeout' });
    expect(answer.latencyMs).toBeGreaterThanOrEqual(140);
    expect(answer.latencyMs).toBeLessThan(1000);
  });
});

describe('a probe without an answer', () => {
  it('names a refused connection', async () => {
    await using bench = new ProberBench();
    const pair = await bench.tcp(() => {});
    await bench[Symbol.asyncDispose]();
    expect(await bench.ask(pair)).toMatchObject({
      kind: 'no-answer',
      cause: 'refused',
      detail: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test.each([
    ['hangs up', (socket: Socket) => socket.destroy()],
    ['resets the connection', (socket: Socket) => socket.on('data', () => socket.resetAndDestroy())],
    [
      'hangs up in the middle of its body',
      (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc'),
    ],
    ['speaks no HTTP', (socket: Socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')],
    [
      'sends a head that never ends',
      (socket: Socket) => socket.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`),
    ],
    [
      'sends a body that is not what it says',
      (socket: Socket) =>
        socket.end('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nnope'),
    ],
    [
      'sends a body of another encoding than it says',
      (socket: Socket) =>
        socket.end('HTTP/1.1 200 OK\r\ncontent-encoding: br\r\ncontent-length: 4\r\n\r\nnope'),
    ],
  ])('counts as refused when the other side %s', async (_, onConnection) => {
    await using bench = new ProberBench();
    const pair = await bench.tcp(onConnection);
    expect(await bench.ask(pair)).toMatchObject({ kind: 'no-answer', cause: 'refused' });
  });

  it('names a host that does not exist', async () => {
    await using bench = new ProberBench();
    const missing = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    const prober = bench.prober({ resolve: () => Promise.reject(missing) });
    expect(await prober.probe(aRequest('https://gone.example.com/'))).toMatchObject({
      cause: 'name-resolution',
    });
  });

  it('names a failed TLS handshake', async () => {
    await using bench = new ProberBench();
    const pair = await bench.http((_, response) => response.end());
    const prober = bench.prober({ allowedLocalAddresses: [pair] });
    expect(await prober.probe(aRequest(`https://${pair}/`))).toMatchObject({
      kind: 'no-answer',
      cause: 'tls',
    });
  });

  it('ends when the prober is closed', async () => {
    await using bench = new ProberBench();
    const asked = Promise.withResolvers<void>();
    const pair = await bench.http(() => asked.resolve());
    const prober = bench.prober({ allowedLocalAddresses: [pair] });
    const probe = prober.probe(aRequest(`http://${pair}/`));
    await asked.promise;
    await prober.close();
    expect(await probe).toMatchObject({ kind: 'no-answer' });
  });
});

/** Sends `head`, then `text` over and over, a byte every 20 ms. */
function drip(head: string, text: string): (socket: Socket) => void {
  return (socket) => {
    socket.write(head);
    let sent = 0;
    const timer = setInterval(() => socket.write(text.charAt(sent++ % text.length)), 20);
    socket.once('close', () => clearInterval(timer));
  };
}
