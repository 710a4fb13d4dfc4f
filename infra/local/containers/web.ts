import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { WebSocketServer } from 'ws';

/**
 * A small web service whose faults are set by its environment. `/health` misbehaves as HEALTH says; every other
 * path answers its VERSION, with 503 if PAGES says so; `/wait/MS` does so after a while, and is 500 if BROKEN names
 * it; WebSockets echo what they get, or are refused or closed with 1011, as SOCKETS says. Every answer carries its
 * K_REVISION in the header that REVISION_HEADER names.
 */
const {
  PORT = '8080',
  HEALTH = 'ok',
  PAGES = 'ok',
  VERSION = 'unknown',
  BROKEN = '',
  SOCKETS = 'ok',
  TRACEBACK,
  REVISION_HEADER,
  K_REVISION = '',
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
  if (REVISION_HEADER) response.setHeader(REVISION_HEADER, K_REVISION);
  const [pathname] = (request.url ?? '/').split('?');
  if (pathname === '/health') void answerHealth(response);
  else if (pathname?.startsWith('/wait/')) void answerLater(pathname, request.url ?? '', response);
  else json(response, PAGES === '503' ? 503 : 200, { version: VERSION, path: pathname });
}

if (TRACEBACK === '1') process.stderr.write(`${traceback}\n`);
if (HEALTH === 'exit') process.exit(1);

const server = createServer(onRequest);
const sockets = new WebSocketServer({ noServer: true });
server.on('upgrade', (request, socket, head) => {
  socket.on('error', () => socket.destroy());
  if (SOCKETS === '403') {
    socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    return;
  }
  sockets.handleUpgrade(request, socket, head, (open) => {
    open.on('error', () => open.terminate());
    open.on('message', (data, isBinary) => {
      if (SOCKETS === 'ok') open.send(data, { binary: isBinary });
      else open.close(1011, 'no worker');
    });
  });
});
process.once('SIGTERM', () => process.exit(0));
// A process without a port must still have something to wait for.
if (HEALTH === 'never-listen') setInterval(() => {}, 60_000);
else server.listen(Number(PORT), '127.0.0.1', () => process.stdout.write(`listening, version ${VERSION}\n`));
