import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { maxReportBytes } from '../../../shared/contracts/suites/job-api.ts';
import { createJobServer } from '../../../shared/runtime/jobs/create-job-server.ts';
import { RunningAgent } from '../../agent/run-agent.ts';
import { anOrder, JobDesk } from '../../services/jobs/job-desk.ts';
import { described, flood, head, talk } from './raw-requests.ts';

const program = fileURLToPath(new URL('./job-server-main.ts', import.meta.url));
const StartedSchema = z.object({ port: z.number(), token: z.string() });
const chunked = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65_536, 'x'), Buffer.from('\r\n')]);

const limits = { headersMs: 1_000, requestMs: 5_000, idleMs: 2_000, checkEveryMs: 50 };

describe('the server of collect-results', () => {
  let desk: JobDesk;
  let port: number;
  /** For a report. */
  let reportToken: string;
  const servers: ReturnType<typeof createJobServer>[] = [];
  const serve = async (its: typeof limits) => {
    const server = createJobServer((request) => desk.answer(request), its);
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  beforeEach(async () => {
    desk = new JobDesk();
    port = await serve(limits);
    reportToken = await desk.begin();
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    }
  });
  const report = '<testsuite><testcase name="a" time="0.5"/><testcase name="b" time="0.5"/></testsuite>';
  const post = (token: string, headers: string) => head('POST /results', token, `${described}${headers}`);

  it('serves the real agent, which reports with its second token', async () => {
    const command = `echo '${report}' >"$DEPLOY_LOOP_RESULTS_FILE"`;
    const token = await desk.open(anOrder({ command }));
    const env = { DEPLOY_LOOP_JOB_TOKEN: token };
    using agent = new RunningAgent({ url: `http://127.0.0.1:${port}`, env });
    expect([await agent.end(), agent.errors]).toEqual([0, expect.stringContaining('results submitted')]);
    expect((await desk.report())?.results.map(({ outcome }) => outcome)).toEqual(['passed', 'passed']);
    using again = new RunningAgent({ url: `http://127.0.0.1:${port}`, env });
    expect([await again.end(), again.errors]).toEqual([0, expect.stringContaining('nothing left to do')]);
  });

  it('has an agent end that comes second, before anything is run', async () => {
    const token = await desk.open(anOrder({ command: 'echo ran' }));
    await desk.fetch(token);
    using agent = new RunningAgent({
      url: `http://127.0.0.1:${port}`,
      env: { DEPLOY_LOOP_JOB_TOKEN: token },
    });
    expect([await agent.end(), agent.output]).toEqual([75, '']);
  });

  it.each([
    ['with its length', (body: string) => [`Content-Length: ${body.length}\r\n`, body] as const],
    [
      'in chunks',
      (body: string) =>
        ['Transfer-Encoding: chunked\r\n', `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`] as const,
    ],
    [
      'after it was asked for',
      (body: string) => [`Expect: 100-continue\r\nContent-Length: ${body.length}\r\n`, body] as const,
    ],
  ])('takes a report %s', async (_how, written) => {
    const [headers, body] = written(report);
    const line = await talk(port, (socket) => socket.end(`${post(reportToken, headers)}${body}`));
    expect(line).toMatch(/^HTTP\/1\.1 (200 OK|100 Continue)$/);
    expect((await desk.report())?.results).toHaveLength(2);
  });

  it('asks nobody to continue whom it refuses', async () => {
    const headers = 'Expect: 100-continue\r\nContent-Length: 5\r\n';
    const refused = await talk(port, (socket) => socket.write(post('dl1.x', headers)));
    expect(refused).toBe('HTTP/1.1 401 Unauthorized');
  });

  it('lets a sender hear a refusal who first sends all of a large report', async () => {
    await desk.submit(reportToken, report);
    const body = Buffer.alloc(maxReportBytes, 'x');
    const line = await talk(port, (socket) => {
      socket.write(post(reportToken, `Content-Length: ${body.length}\r\n`));
      // As Python does: it looks for the answer only when all is sent.
      socket.pause();
      socket.write(body, () => socket.resume());
    });
    expect(line).toBe('HTTP/1.1 409 Conflict');
  });

  it.each<[string, (socket: Socket) => unknown, RegExp]>([
    [
      'stops within its body',
      (socket) => socket.write(`${post(reportToken, 'Content-Length: 9999\r\n')}x`),
      /^$|400/,
    ],
    [
      'sends its body byte by byte',
      (socket) => {
        socket.write(post(reportToken, 'Content-Length: 9999\r\n'));
        const timer = setInterval(() => socket.write('x'), 50);
        socket.once('close', () => clearInterval(timer));
      },
      /^$|400|408/,
    ],
    [
      'goes on after it was refused',
      (socket) => {
        socket.write(head('POST /results', 'dl1.x', 'Content-Length: 9999\r\n'));
        const timer = setInterval(() => socket.write('x'), 50);
        socket.once('close', () => clearInterval(timer));
      },
      /401/,
    ],
    [
      'sends a second request before the answer to its first',
      (socket) => socket.write(head('GET /shard', reportToken).repeat(3)),
      /^$/,
    ],
    [
      'has too many headers',
      (socket) => socket.write(head('GET /shard', reportToken, 'a: b\r\n'.repeat(2_000))),
      /431/,
    ],
    ['speaks something else', (socket) => socket.write(Buffer.alloc(1_000, 7)), /400/],
    [
      'gives two lengths',
      (socket) => socket.write(post(reportToken, 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n')),
      /400/,
    ],
    ['asks for another protocol', (socket) => socket.write(head('CONNECT x:1', reportToken)), /^$/],
  ])('closes the connection of who %s', async (_what, script, answer) => {
    expect(await talk(port, script)).toMatch(answer);
    expect(desk.logged.join('\n')).not.toMatch(/ at |Error/);
    expect(await desk.submit(reportToken, report)).toBe(200);
  });

  it.each<[string, (socket: Socket) => unknown, RegExp]>([
    ['sends nothing', () => undefined, /408/],
    ['sends half of its headers', (socket) => socket.write('GET /shard HTTP/1.1\r\nHost'), /408/],
    [
      'sends one header after the other',
      (socket) => {
        socket.write('GET /shard HTTP/1.1\r\nHost: x\r\n');
        const timer = setInterval(() => socket.write('a: b\r\n'), 50);
        socket.once('close', () => clearInterval(timer));
      },
      /408/,
    ],
  ])(
    'waits for headers as long as it may, and no longer, of who %s',
    async (_what, script, answer) => {
      // What they take in all must not be what ends them.
      const patient = await serve({ ...limits, requestMs: 600_000 });
      expect(await talk(patient, script)).toMatch(answer);
    },
    10_000,
  );

  it('refuses what comes in more chunks than a report has', async () => {
    const line = await talk(port, (socket) => {
      socket.write(post(reportToken, 'Transfer-Encoding: chunked\r\n'));
      flood(socket, chunked);
    });
    // It may be reset before it hears why.
    expect(line).toMatch(/^$|413/);
    expect(await desk.submit(reportToken, report)).toBe(200);
  });

  it('reads a bounded number of reports at once, and has the others come again', async () => {
    const large = post(reportToken, `Content-Length: ${maxReportBytes}\r\n`);
    const lines = await Promise.all(
      Array.from({ length: 20 }, () => talk(port, (socket) => socket.write(large))),
    );
    expect(lines.filter((line) => line === 'HTTP/1.1 503 Service Unavailable')).toHaveLength(12);
    expect(await desk.submit(reportToken, report)).toBe(200);
  });
});

/** The peak can be reset and read on Linux only. */
const describeOnLinux = existsSync('/proc/self/clear_refs') ? describe : describe.skip;

describeOnLinux('the memory of collect-results', () => {
  const maxBytes = 64 * 2 ** 20;
  let child: ChildProcess;
  let started: z.infer<typeof StartedSchema>;
  beforeAll(async () => {
    child = fork(program, { execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    const [message] = (await once(child, 'message')) as unknown[];
    started = StartedSchema.parse(message);
    // What is compiled and cached at the first requests is no work of theirs.
    await all(20, (socket) => socket.write(head('GET /shard', 'dl1.x')));
    await all(20, (socket) => socket.write(head('GET /shard', started.token)));
  });
  afterAll(async () => {
    const ended = once(child, 'exit');
    child.disconnect();
    await ended;
  });
  const memory = (key: string) => {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    return Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1]) * 1_024;
  };
  const all = (count: number, script: (socket: Socket) => unknown) =>
    Promise.all(Array.from({ length: count }, () => talk(started.port, script)));
  const endless = Buffer.alloc(65_536, 'x');
  const bomb = gzipSync(Buffer.alloc(50_000_000));

  it.each<[string, (socket: Socket, forged: string) => unknown]>([
    ['garbage', (socket) => flood(socket, Buffer.alloc(65_536, 7))],
    ['headers without end', (socket) => flood(socket, Buffer.from(`a: ${'b'.repeat(60_000)}\r\n`))],
    ['a thousand requests at once', (socket) => socket.write(head('GET /shard', undefined).repeat(1_000))],
    [
      'a length of ten gigabytes',
      (socket) => {
        socket.write(head('POST /results', undefined, `${described}Content-Length: 10000000000\r\n`));
        flood(socket, endless);
      },
    ],
    [
      'a report with a token that was made up',
      (socket, forged) => {
        socket.write(head('POST /results', forged, `${described}Content-Length: ${maxReportBytes}\r\n`));
        flood(socket, endless);
      },
    ],
    [
      'chunks without end',
      (socket, forged) => {
        socket.write(head('POST /results', forged, `${described}Transfer-Encoding: chunked\r\n`));
        flood(socket, chunked);
      },
    ],
    [
      'a bomb of gzip',
      (socket, forged) => {
        const headers = `${described}Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n`;
        socket.write(head('POST /results', forged, headers));
        socket.write(bomb);
      },
    ],
  ])('grows by little when a hundred strangers send %s', async (_what, script) => {
    const forged = started.token.replace(/.{4}$/, '0000');
    writeFileSync(`/proc/${child.pid}/clear_refs`, '5');
    const before = memory('VmRSS');
    const lines = await all(100, (socket) => script(socket, forged));
    expect(memory('VmHWM') - before).toBeLessThan(maxBytes);
    expect(lines.filter((line) => / 2\d\d /.test(line))).toEqual([]);
    expect(child.exitCode).toBeNull();
    expect(await talk(started.port, (socket) => socket.write(head('GET /shard', 'dl1.x')))).toMatch(/401/);
  });
});
