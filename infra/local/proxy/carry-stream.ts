import { connect, constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { PlatformAnswer } from './platform-answer.ts';

/**
 * Carries one stream of HTTP/2 to a container that speaks it without TLS, on a connection of its own, and the answer with
 * its trailers back. Resolves when the stream is closed.
 * @returns false: the container did not answer, or not to the end
 */
export async function carryStream(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  target: string,
): Promise<boolean> {
  const session = connect(target);
  const upstream = session.request(headers);
  let trailers: IncomingHttpHeaders = {};
  let broken = false;
  const closed = new Promise<void>((resolve) => stream.once('close', resolve));
  const fail = () => {
    broken = true;
    stream.destroy();
  };
  session.on('error', () => {});
  upstream.on('error', () => (stream.headersSent ? fail() : upstream.destroy()));
  const unanswered = new Promise<boolean>((resolve) => {
    upstream.once('response', () => resolve(false));
    upstream.once('close', () => resolve(true));
  });
  upstream.once('response', (head) => {
    stream.respond(head, { waitForTrailers: true });
    upstream.pipe(stream);
  });
  upstream.on('trailers', (late) => {
    trailers = late;
  });
  upstream.on('aborted', fail);
  stream.once('wantTrailers', () => stream.sendTrailers(trailers));
  stream.once('close', () => session.destroy());
  stream.pipe(upstream);
  if (await unanswered) {
    session.destroy();
    return false;
  }
  await closed;
  return !broken;
}

/** The platform answers in the container's place. */
export function answerStream(stream: ServerHttp2Stream, { status, contentType, body }: PlatformAnswer): void {
  if (stream.destroyed) return;
  if (stream.headersSent) stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  else {
    stream.respond({ ':status': status, 'content-type': contentType });
    stream.end(body);
  }
}
