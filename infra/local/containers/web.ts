import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';

/**
 * A small web service whose faults are set by its environment. `/health` misbehaves as HEALTH says; every other
 * path answers its VERSION, with 503 if PAGES says so; `/wait/MS` does so after a while, and is 500 if BROKEN names
 * it; `/echo` echoes WebSocket frames.
 */
const {
  PORT = '8080',
  HEALTH = 'ok',
  PAGES = 'ok',
  VERSION = 'unknown',
  BROKEN = '',
  TRACEBACK,
} = process.env;

const slowMs = 3_000;
const bigBodyBytes = 5 * 1024 * 1024;

const traceback = `Traceback (most recent call last):
  File "/app/server/worker.py", line 88, in start_worker
    application = load_application(settings.entry)
  File "/app/server/loader.py", line 31, in load_application
    module = import_module(name)
  File "/app/main.py", line 14
    return jsonify(status="healthy")
    ^
IndentationError: expected an indented block after function definition on line 13
[worker 7] exited before it was ready; the master keeps listening and will try again`;

let healthRequests = 0;

const healthy = { status: 'healthy', version: VERSION };

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function answerHealth(response: ServerResponse): Promise<void> {
  healthRequests++;
  switch (HEALTH) {
    case '503':
      return json(response, 503, { status: 'unavailable', version: VERSION });
    case 'degraded':
      return json(response, 200, { status: 'degraded', version: VERSION });
    case 'slow':
      await setTimeout(slowMs);
      return json(response, 200, healthy);
    case 'hang':
      return;
    case 'flap':
      return json(response, healthRequests % 2 === 0 ? 503 : 200, healthy);
    case 'big-body':
      response.writeHead(200, { 'content-type': 'text/plain' }).end('x'.repeat(bigBodyBytes));
      return;
    case 'slow-body':
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"status":');
      await setTimeout(slowMs);
      response.end('"healthy"}');
      return;
    default:
      return json(response, 200, healthy);
  }
}

async function answerLater(pathname: string, url: string, response: ServerResponse): Promise<void> {
  await setTimeout(Number(pathname.slice('/wait/'.length)) || 0);
  const broken = BROKEN !== '' && url.endsWith(BROKEN);
  json(response, broken ? 500 : 200, { version: VERSION, path: url });
}

function onRequest(request: IncomingMessage, response: ServerResponse): void {
  if (HEALTH === 'crash-after-listen') process.exit(1);
  const [pathname] = (request.url ?? '/').split('?');
  if (pathname === '/health') void answerHealth(response);
  else if (pathname?.startsWith('/wait/')) void answerLater(pathname, request.url ?? '', response);
  else json(response, PAGES === '503' ? 503 : 200, { version: VERSION, path: pathname });
}

if (TRACEBACK === '1') process.stderr.write(`${traceback}\n`);
if (HEALTH === 'exit') process.exit(1);

const server = createServer(onRequest);
server.on('upgrade', (request, socket) => {
  const accept = createHash('sha1')
    .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  socket.on('error', () => socket.destroy());
  socket.on('end', () => socket.end());
  socket.on('data', (frame) => socket.write(unmasked(frame)));
});
process.once('SIGTERM', () => process.exit(0));
// A process without a port must still have something to wait for.
if (HEALTH === 'never-listen') setInterval(() => {}, 60_000);
else server.listen(Number(PORT), () => process.stdout.write(`listening, version ${VERSION}\n`));

/** Turns a client's frame (masked, at most 125 bytes, one per chunk) into the server's frame of the same payload. */
function unmasked(frame: Buffer): Buffer {
  const length = (frame[1] ?? 0) & 0x7f;
  const mask = frame.subarray(2, 6);
  const payload = frame.subarray(6, 6 + length).map((byte, i) => byte ^ (mask[i % 4] ?? 0));
  return Buffer.concat([Buffer.from([frame[0] ?? 0, length]), payload]);
}
