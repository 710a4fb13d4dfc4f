import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { maxReportBytes } from '../../contracts/suites/job-api.ts';
import { joinHeaders } from '../../domain/join-headers.ts';
import type { JobAnswer, JobRequest } from '../../services/collect-results.ts';
import { withTrace } from '../trace-context.ts';

/**
 * What strangers can occupy: per connection its headers and one buffer of its socket, so 128 of them hold some 16 MiB;
 * a request that is looked up holds one document more (services/jobs/collect-ports.ts). Bodies of strangers are not kept.
 */
const maxConnections = 128;
const maxHeaderBytes = 8 * 1024;
const headersTimeoutMs = 5_000;
/** The agent itself gives up after 60 s. */
const requestTimeoutMs = 60_000;
/** The longest pause within a body. */
const idleTimeoutMs = 10_000;
/** How often the first two are enforced. */
const checkEveryMs = 1_000;
/** How long the rest of a body is thrown away, so that its sender hears the answer instead of a reset connection. */
const lingerMs = 5_000;
/** All bodies that are read at the same time. */
const maxReadingBytes = 8 * maxReportBytes;

/**
 * The server of *collect-results*, which is open to the public. The functions-framework reads and decompresses any body,
 * up to a gigabyte, before a function sees the request; this server reads one only when the function asks for it. It
 * takes one request per connection: nothing of a request outlives it.
 * @param answer never throws
 */
export function createJobServer(answer: (request: JobRequest) => Promise<JobAnswer>): Server {
  const reading = { bytes: 0 };
  const server = createServer({
    maxHeaderSize: maxHeaderBytes,
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: checkEveryMs,
  });
  server.maxConnections = maxConnections;
  server.maxRequestsPerSocket = 1;
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    handleRequest(request, response, answer, reading).catch(() => response.destroy());
  };
  return server.on('request', handle).on('checkContinue', handle);
}

async function handleRequest(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (request: JobRequest) => Promise<JobAnswer>,
  reading: { bytes: number },
): Promise<void> {
  const headers = joinHeaders(Object.entries(request.headers));
  const { method = '', url: target = '' } = request;
  let held = 0;
  const body = async () => {
    const bytes = Math.min(maxReportBytes, Number(headers['content-length'] ?? maxReportBytes));
    if (reading.bytes + bytes > maxReadingBytes) return 503;
    held = bytes;
    reading.bytes += bytes;
    if (headers.expect !== undefined) response.writeContinue();
    return await readBody(request, bytes);
  };
  try {
    const { status, text = '' } = await withTrace(headers['x-cloud-trace-context'], () =>
      answer({ method, target, headers, body }),
    );
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
    reading.bytes -= held;
  }
  await discardRest(request);
  response.end();
}

/** @param bytes its length, or the most that is accepted of one that comes in chunks */
async function readBody(request: IncomingMessage, bytes: number): Promise<Uint8Array | 400 | 413> {
  const body = Buffer.allocUnsafe(bytes);
  let length = 0;
  request.setTimeout(idleTimeoutMs);
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

/** Ends the connection if there is more than a report has, or it takes long. */
async function discardRest(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return;
  const stop = setTimeout(() => request.destroy(), lingerMs);
  let left = maxReportBytes;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      left -= chunk.length;
      if (left < 0) break;
    }
  } catch {
    // Its sender has gone.
  } finally {
    clearTimeout(stop);
  }
}
