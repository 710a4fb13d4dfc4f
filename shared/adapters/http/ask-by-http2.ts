import { connect } from 'node:http2';
import type { LookupFunction } from 'node:net';
import type { ProbeAnswer } from '../../domain/health/probe-answer.ts';
import { joinHeaders } from '../../domain/join-headers.ts';
import { noAnswer } from './authenticated-ask.ts';
import { readCapped } from './capped-body.ts';
import { explainProbeError } from './explain-probe-error.ts';
import { trustOf } from './trust.ts';

const maxBodyBytes = 64 * 1024;

export interface Http2Request {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** True: an ID token is among the headers. */
  readonly authenticated: boolean;
  readonly lookup: LookupFunction;
  /** PEM: authorities to trust besides the usual ones. */
  readonly ca: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Asks once by HTTP/2, with prior knowledge and on a connection of its own. The answer's trailers are among its headers.
 * Never rejects.
 *
 * By `node:http2`, since `fetch` drops trailers and a client of gRPC the pages of whoever answers in a service's place.
 */
export async function askByHttp2(request: Http2Request): Promise<ProbeAnswer> {
  const { url, method, headers, body, authenticated, lookup, ca, signal } = request;
  const startedAt = performance.now();
  const session = connect(url.origin, { lookup, ...trustOf(ca) });
  // Whatever it is, the stream is told as well.
  session.on('error', () => {});
  let answered: Pick<Extract<ProbeAnswer, { kind: 'answer' }>, 'status' | 'headers'> | undefined;
  let trailers = {};
  try {
    signal.throwIfAborted();
    const asked = { ':method': method, ':path': `${url.pathname}${url.search}`, ...headers };
    const stream = session.request(asked, { signal });
    stream.on('response', ({ ':status': status = 0, ...rest }) => {
      answered = { status, headers: joinHeaders(Object.entries(rest)) };
    });
    stream.on('trailers', (late) => {
      trailers = joinHeaders(Object.entries(late));
    });
    stream.end(body);
    const read = await readCapped(stream, maxBodyBytes);
    const latencyMs = performance.now() - startedAt;
    if (!answered) return noAnswer('refused', latencyMs, 'the stream was closed without a response');
    return {
      kind: 'answer',
      status: answered.status,
      headers: { ...answered.headers, ...trailers },
      body: read.text,
      truncated: read.truncated,
      latencyMs,
      authenticated,
    };
  } catch (error) {
    const { cause, detail } = explainProbeError(error);
    const latencyMs = performance.now() - startedAt;
    if (!answered || cause === 'timeout') return noAnswer(cause, latencyMs, detail);
    return noAnswer('refused', latencyMs, `the body of HTTP ${answered.status} cannot be read: ${detail}`);
  } finally {
    session.destroy();
  }
}
