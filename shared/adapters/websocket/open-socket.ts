import type { IncomingMessage } from 'node:http';
import type { LookupFunction } from 'node:net';
import { WebSocket } from 'ws';
import type { ProbeAnswer } from '../../domain/health/probe-answer.ts';
import { joinHeaders } from '../../domain/join-headers.ts';
import type { Conversation } from '../../domain/websocket/conversation.ts';
import { noAnswer } from '../http/authenticated-ask.ts';
import { readCapped } from '../http/capped-body.ts';
import { explainProbeError } from '../http/explain-probe-error.ts';
import { Inbox } from './inbox.ts';

const maxMessageBytes = 1024 * 1024;
const maxBodyBytes = 64 * 1024;

export interface Handshake {
  readonly url: URL;
  readonly subprotocols: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  /** True: an ID token is among the headers. */
  readonly authenticated: boolean;
  readonly lookup: LookupFunction;
  readonly signal: AbortSignal;
}

export interface OpenSocket {
  readonly kind: 'open';
  readonly socket: WebSocket;
  readonly inbox: Inbox;
  readonly latencyMs: number;
}

/** Makes a handshake. Never rejects. */
export async function openSocket(handshake: Handshake): Promise<OpenSocket | Conversation> {
  const { url, subprotocols, headers, authenticated, lookup, signal } = handshake;
  const startedAt = performance.now();
  const sinceMs = () => performance.now() - startedAt;
  const target = new URL(url);
  target.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const { promise, resolve } = Promise.withResolvers<OpenSocket | Conversation>();
  const socket = new WebSocket(target, [...subprotocols], {
    headers,
    lookup,
    maxPayload: maxMessageBytes,
    followRedirects: false,
    perMessageDeflate: false,
  });
  const inbox = new Inbox(socket);
  const giveUp = () => {
    const { cause, detail } = explainProbeError(signal.reason);
    resolve(noAnswer(cause, sinceMs(), detail));
    socket.terminate();
  };
  if (signal.aborted) giveUp();
  signal.addEventListener('abort', giveUp, { once: true });
  socket.on('open', () => resolve({ kind: 'open', socket, inbox, latencyMs: sinceMs() }));
  socket.on('unexpected-response', (request, response) => {
    void answerOf(response, authenticated, sinceMs).then((answer) => {
      resolve({ kind: 'refused', answer });
      request.destroy();
    });
  });
  socket.on('error', (error) => {
    if (error.message === 'Server sent no subprotocol')
      return resolve({ kind: 'no-subprotocol', latencyMs: sinceMs() });
    resolve(describeFailure(error, sinceMs()));
  });
  const opened = await promise;
  signal.removeEventListener('abort', giveUp);
  return opened;
}

/** Other objections of the client to an answered handshake are faults of the server. */
function describeFailure(error: Error, latencyMs: number): Conversation {
  const isHandshake = /Sec-WebSocket|Upgrade header|subprotocol/i.test(error.message);
  if (isHandshake) return noAnswer('refused', latencyMs, 'the handshake response does not match the request');
  const { cause, detail } = explainProbeError(error);
  return noAnswer(cause, latencyMs, detail);
}

async function answerOf(
  response: IncomingMessage,
  authenticated: boolean,
  sinceMs: () => number,
): Promise<Extract<ProbeAnswer, { kind: 'answer' }>> {
  const read = await readCapped(response, maxBodyBytes).catch(() => ({ text: '', truncated: true }));
  return {
    kind: 'answer',
    status: response.statusCode ?? 0,
    headers: joinHeaders(Object.entries(response.headers)),
    body: read.text,
    truncated: read.truncated,
    latencyMs: sinceMs(),
    authenticated,
  };
}
