import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { WebSocket } from 'ws';
import { WsWebSockets } from '../../../shared/adapters/websocket/ws-web-sockets.ts';
import type { Conversation, ConversationStep } from '../../../shared/domain/websocket/conversation.ts';
import { TooExpensiveError } from '../../../shared/domain/work-limit.ts';
import type { ConversationRequest } from '../../../shared/ports/web-sockets.ts';
import { refuse, TestSocketServer } from './web-socket-server.ts';

let server: TestSocketServer;
beforeEach(async () => {
  server = await new TestSocketServer().listen();
});
afterEach(() => server[Symbol.asyncDispose]());

const is =
  (wanted: string) =>
  (message: string): string | undefined =>
    message === wanted ? undefined : `${message} is not ${wanted}`;
const hear = (text: string, withinMs = 1_000, strict = false): ConversationStep => ({
  kind: 'expect',
  withinMs,
  strict,
  judge: is(text),
});
const say = (text: string): ConversationStep => ({ kind: 'send', text });

function converse(changes: Partial<ConversationRequest> = {}, tokens: string[] = []): Promise<Conversation> {
  const sockets = new WsWebSockets({
    tokens: {
      async idToken(audience) {
        tokens.push(audience);
        return 'the-token';
      },
    },
    allowedLocalAddresses: [server.host],
  });
  return sockets.converse({
    url: `${server.url}/socket?a=b`,
    timeoutMs: 5_000,
    authenticate: 'never',
    audience: server.url,
    subprotocols: [],
    steps: [],
    ...changes,
  });
}

const echo = (socket: WebSocket) => socket.on('message', (data) => socket.send(String(data)));
const all = (...steps: readonly ConversationStep[]) => converse({ steps });

describe('a conversation over a WebSocket', () => {
  it('ends with what came when that is beyond its judge', async () => {
    server.onSocket = echo;
    const judge = () => {
      throw new TypeError('not a judge');
    };
    const step: ConversationStep = { kind: 'expect', withinMs: 1_000, strict: true, judge };
    expect(await all(say('a'), step)).toMatchObject({
      end: { kind: 'unexpected', detail: expect.stringContaining('cannot be judged') },
    });
  });

  it('ends without a judgement when telling takes too much work', async () => {
    server.onSocket = echo;
    const judge = () => {
      throw new TooExpensiveError('too much');
    };
    const step: ConversationStep = { kind: 'expect', withinMs: 5_000, strict: false, judge };
    expect(await all(say('a'), step)).toMatchObject({ end: { kind: 'unjudged', detail: 'too much' } });
  });

  it('says and hears what it is to, in order, and ends with 1000', async () => {
    const closed = Promise.withResolvers<number>();
    server.onSocket = (socket) => {
      echo(socket);
      socket.on('close', closed.resolve);
    };
    expect(await all(say('a'), hear('a'), say('b'), hear('b'))).toMatchObject({
      kind: 'talked',
      came: 2,
      expected: 2,
      end: { kind: 'done' },
    });
    expect(await closed.promise).toBe(1000);
  });

  it('makes its handshake with the headers it is given', async () => {
    await converse({ headers: { 'x-deploy-loop-run': 'r', cookie: 'c' }, subprotocols: ['one', 'two'] });
    expect(server.handshakes[0]?.url).toBe('/socket?a=b');
    expect(server.handshakes[0]?.headers).toMatchObject({
      'x-deploy-loop-run': 'r',
      cookie: 'c',
      'user-agent': 'deploy-loop',
      'sec-websocket-protocol': 'one,two',
    });
  });

  it('passes over what it does not wait for', async () => {
    server.onSocket = (socket) => ['x', 'y', 'a'].forEach((text) => void socket.send(text));
    expect(await all(hear('a'))).toMatchObject({ end: { kind: 'done' } });
  });

  it('takes the very next message where it is told to', async () => {
    server.onSocket = (socket) => ['x', 'a'].forEach((text) => void socket.send(text));
    expect(await all(hear('a', 1_000, true))).toMatchObject({
      came: 0,
      end: { kind: 'unexpected', detail: 'x is not a' },
    });
  });

  it('does not take messages in another order', async () => {
    server.onSocket = (socket) => ['b', 'a'].forEach((text) => void socket.send(text));
    expect(await all(hear('a'), hear('b', 50))).toMatchObject({
      came: 1,
      end: { kind: 'silent', withinMs: 50 },
    });
  });

  it('reads binary messages as text', async () => {
    server.onSocket = (socket) => socket.send(Buffer.from('ü'));
    expect(await all(hear('ü'))).toMatchObject({ end: { kind: 'done' } });
  });

  it('tells what came instead of a message that does not come', async () => {
    server.onSocket = (socket) => socket.send('x');
    expect(await all(hear('a', 60))).toMatchObject({ end: { kind: 'silent', other: 'x is not a' } });
  });

  it.each([1000, 1001, 1008, 1011, 1012, 1013, 4000])('tells that it was closed with %d', async (code) => {
    server.onSocket = (socket) => socket.close(code, 'bye');
    expect(await all(hear('a'))).toMatchObject({ end: { kind: 'closed', code, reason: 'bye' } });
  });

  it('tells that the connection broke', async () => {
    server.onSocket = (socket) => socket.terminate();
    expect(await all(hear('a'))).toMatchObject({ end: { kind: 'closed', code: 1006 } });
  });

  it('hears what was said before the close', async () => {
    server.onSocket = (socket) => {
      socket.send('a');
      socket.close(1000);
    };
    expect(await all(hear('a'))).toMatchObject({ came: 1, end: { kind: 'done' } });
  });

  it.each<[string, (socket: WebSocket) => void, object]>([
    ['as expected', (socket) => socket.close(1000), { kind: 'done' }],
    ['with another code', (socket) => socket.close(1011), { kind: 'wrong-close', code: 1011 }],
    ['not at all', () => {}, { kind: 'not-closed', withinMs: 50 }],
    [
      'after more that nobody waits for',
      (socket) => {
        socket.send('x');
        socket.close(1000);
      },
      { kind: 'done' },
    ],
  ])('where the other side has to close, tells that it closed %s', async (_how, onSocket, end) => {
    server.onSocket = onSocket;
    expect(await converse({ closes: { codes: [1000], withinMs: 50 } })).toMatchObject({ end });
  });

  it('gives up a message that is too large', async () => {
    server.onSocket = (socket) => socket.send('x'.repeat(2 * 1024 * 1024));
    expect(await all(hear('a'))).toMatchObject({
      end: { kind: 'unexpected', detail: 'a message is larger than 1 MiB' },
    });
  });

  it('reads a flood of messages no faster than it looks at them', async () => {
    server.onSocket = (socket) => {
      for (let n = 0; n < 20_000; n++) socket.send('x'.repeat(100));
      socket.send('a');
    };
    expect(await all(hear('a', 5_000))).toMatchObject({ end: { kind: 'done' } });
  });
});

describe('a handshake', () => {
  it.each([400, 403, 404, 426, 500, 503])(
    'that is refused with %d is told with its answer',
    async (status) => {
      server.onUpgrade = (_request, socket) => refuse(socket, status, 'why');
      expect(await converse()).toMatchObject({ kind: 'refused', answer: { status, body: 'why' } });
    },
  );

  it('follows no redirect', async () => {
    server.onUpgrade = (_request, socket) => refuse(socket, 302);
    expect(await converse()).toMatchObject({ kind: 'refused', answer: { status: 302 } });
  });

  it('without any of the offered subprotocols is none', async () => {
    server.choose = () => false;
    expect(await converse({ subprotocols: ['one'] })).toMatchObject({ kind: 'no-subprotocol' });
  });

  it('that is answered with nonsense is refused', async () => {
    server.onUpgrade = (_request, socket) => {
      socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
      return true;
    };
    expect(await converse()).toMatchObject({ kind: 'no-answer', cause: 'refused' });
  });

  it('that is never answered ends when its time is up', async () => {
    server.onUpgrade = () => true;
    expect(await converse({ timeoutMs: 60 })).toMatchObject({ kind: 'no-answer', cause: 'timeout' });
  });

  it('is given up at once when nobody needs it any more', async () => {
    const stop = new AbortController();
    const asked = Promise.withResolvers<void>();
    server.onUpgrade = () => {
      asked.resolve();
      return true;
    };
    const conversation = converse({ signal: stop.signal });
    await asked.promise;
    stop.abort();
    expect(await conversation).toMatchObject({ kind: 'no-answer' });
  });

  it('ends a wait at once when nobody needs it any more', async () => {
    const stop = new AbortController();
    const opened = Promise.withResolvers<WebSocket>();
    server.onSocket = opened.resolve;
    const steps = [say('hello'), hear('a', 60_000)];
    const conversation = converse({ signal: stop.signal, steps, timeoutMs: 60_000 });
    const socket = await opened.promise;
    await once(socket, 'message');
    const closed = once(socket, 'close');
    stop.abort();
    expect(await conversation).toMatchObject({ end: { kind: 'silent' } });
    await closed;
  });

  it('is made with a token once it was refused without', async () => {
    server.onUpgrade = (request, socket) =>
      request.headers['x-serverless-authorization'] === 'Bearer the-token' ? false : refuse(socket, 403);
    const tokens: string[] = [];
    expect(await converse({ authenticate: 'auto' }, tokens)).toMatchObject({ kind: 'talked' });
    expect(tokens).toEqual([server.url]);
  });

  it('sends a token to nobody but the service', async () => {
    const tokens: string[] = [];
    const audience = 'https://other.example';
    expect(await converse({ authenticate: 'always', audience }, tokens)).toMatchObject({
      kind: 'no-answer',
      cause: 'blocked',
    });
    expect(tokens).toEqual([]);
  });

  it.each(['http://127.0.0.1:9/', 'http://169.254.169.254/', 'https://10.0.0.1/', 'http://localhost:9/'])(
    'is not made with %s',
    async (url) => {
      expect(await converse({ url })).toMatchObject({ kind: 'no-answer', cause: 'blocked' });
    },
  );
});
