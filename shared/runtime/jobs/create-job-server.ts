import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { finished } from 'node:stream/promises';
import { maxReportBytes } from '../../contracts/suites/job-api.ts';
import { joinHeaders } from '../../domain/join-headers.ts';
import type { JobAnswer, JobRequest } from '../../services/collect-results.ts';
import { withTrace } from '../trace-context.ts';

/**
 * What strangers can occupy: per connection its headers and a few buffers of its socket, so 64 of them hold some 16 MiB;
 * a request that is looked up holds one document more (services/jobs/collect-ports.ts). Bodies of strangers are not kept.
 */
const maxConnections = 64;
const maxHeaderBytes = 8 * 1024;
/** What the parser gets at once: it parses all requests of a piece, even if the first of them ends the connection. */
const pieceBytes = 1_024;

export interface JobServerLimits {
  /** Until all headers are there; also of a connection that sends nothing. */
  readonly headersMs: number;
  /** Until all of a request is there. */
  readonly requestMs: number;
  /** The longest pause within a body. */
  readonly idleMs: number;
  /** How often the first two are enforced. */
  readonly checkEveryMs: number;
}

/** The agent itself gives up after 60 s. */
const defaults: JobServerLimits = {
  headersMs: 5_000,
  requestMs: 60_000,
  idleMs: 10_000,
  checkEveryMs: 1_000,
};
/**
 * How long the rest of a body is thrown away whose sender has the right token, so that it hears that nothing is left to
 * do instead of a reset connection; and of how many at the same time. Even what is thrown away takes memory for a while.
 */
const lingerMs = 5_000;
const maxLingering = 4;
/** All bodies that are read at the same time. */
const maxReadingBytes = 8 * maxReportBytes;

/**
 * The server of *collect-results*, which is open to the public. The functions-framework reads and decompresses any body,
 * up to a gigabyte, before a function sees the request; this server reads one only when the function asks for it. It
 * takes one request per connection: nothing of a request outlives it.
 * @param answer never throws
 */
export function createJobServer(answer: Answer, limits = defaults): Server {
  const busy: Busy = { readingBytes: 0, lingering: 0 };
  const server = createServer({
    maxHeaderSize: maxHeaderBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.checkEveryMs,
  });
  server.maxConnections = maxConnections;
  server.maxRequestsPerSocket = 1;
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    handleRequest(request, response, answer, { busy, limits }).catch(() => response.destroy());
  };
  // Whoever sends a second request does so before the answer to the first.
  server.on('dropRequest', (_request, socket) => socket.destroy());
  return server.on('connection', readInPieces).on('request', handle).on('checkContinue', handle);
}

/** Up to 64 KiB are read from a connection at once, which may be thousands of requests. */
function readInPieces(socket: Socket): void {
  // The parser takes what is read directly from the system, unless somebody else listens.
  socket.on('data', () => undefined);
  const push = socket.push.bind(socket);
  socket.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (!Buffer.isBuffer(chunk)) return push(chunk, encoding);
    let wantsMore = true;
    for (let from = 0; from < chunk.length && !socket.destroyed; from += pieceBytes)
      wantsMore = push(chunk.subarray(from, from + pieceBytes));
    return wantsMore;
  };
}

type Answer = (request: JobRequest) => Promise<JobAnswer>;

/** What the requests of one server share. */
interface Shared {
  readonly busy: Busy;
  readonly limits: JobServerLimits;
}

interface Busy {
  readingBytes: number;
  lingering: number;
}

async function handleRequest(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  { busy, limits }: Shared,
): Promise<void> {
  const headers = joinHeaders(Object.entries(request.headers));
  const { method = '', url: target = '' } = request;
  let held = 0;
  let isOver = false;
  const body = async () => {
    const bytes = Math.min(maxReportBytes, Number(headers['content-length'] ?? maxReportBytes));
    if (busy.readingBytes + bytes > maxReadingBytes) return 503;
    held = bytes;
    busy.readingBytes += bytes;
    if (headers.expect !== undefined) response.writeContinue();
    return await readBody(request, bytes, limits.idleMs);
  };
  try {
    const { status, text = '' } = await withTrace(headers['x-cloud-trace-context'], () =>
      answer({ method, target, headers, body }),
    );
    isOver = status === 409 || status === 410;
    response.writeHead(status, {
      'content-type': 'text/plain; charset=utf-8',
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      connection: 'close',
    });
    response.flushHeaders();
    response.write(text);
  } finally {
    busy.readingBytes -= held;
  }
  if (isOver && !request.complete && busy.lingering < maxLingering) {
    busy.lingering++;
    await discardRest(request);
    busy.lingering--;
  }
  response.end();
}

/** @param bytes its length, or the most that is accepted of one that comes in chunks */
async function readBody(
  request: IncomingMessage,
  bytes: number,
  idleMs: number,
): Promise<Uint8Array | 400 | 413> {
  const body = Buffer.allocUnsafe(bytes);
  let length = 0;
  request.setTimeout(idleMs);
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      if (length + chunk.length > bytes) return 413;
      length += chunk.copy(body, length);
    }
    return body.subarray(0, length);
  } catch {
    return 400;
  } finally {
    request.setTimeout(0);
  }
}

/** Ends the connection if it takes long. Never throws. */
async function discardRest(request: IncomingMessage): Promise<void> {
  const stop = setTimeout(() => request.destroy(), lingerMs);
  // Its sender may have gone.
  await finished(request.resume(), { writable: false }).catch(() => undefined);
  clearTimeout(stop);
}
