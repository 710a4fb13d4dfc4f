import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../../infra/local/process/free-port.ts';
import { token } from '../../agent/collector.ts';
import { described, head, talk } from './raw-requests.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

describe('collect-results, as the functions-framework starts it,', () => {
  let child: ChildProcessByStdio<null, Readable, Readable>;
  let port: number;
  let printed = '';
  beforeAll(async () => {
    port = await freePort();
    child = spawn(
      process.execPath,
      ['node_modules/@google-cloud/functions-framework/build/src/main.js', '--source=functions'],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          PATH: process.env.PATH,
          PORT: String(port),
          FUNCTION_TARGET: 'collect-results',
          DEPLOY_LOOP_PROJECT: 'acme-staging',
          // Nobody is there: the database is away.
          FIRESTORE_EMULATOR_HOST: '127.0.0.1:1',
          METADATA_SERVER_DETECTION: 'none',
        },
      },
    );
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
      });
    while ((await talk(port, (socket) => socket.write(head('GET /', undefined)))) === '') {
      if (child.exitCode !== null) throw new Error(`it has ended: ${printed}`);
      await delay(50);
    }
  });
  afterAll(async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  it('refuses strangers without reading what they send, and prints next to nothing of it', async () => {
    const asked: [string, string, RegExp][] = [
      ['/', '', /404/],
      ['/shard', '', /401/],
      ['/results', 'Content-Length: 10000000000\r\n', /401/],
      ['/results', 'Content-Encoding: gzip\r\nContent-Length: 5\r\n', /415/],
      ['/results', 'Content-Type: application/json\r\nContent-Length: 5\r\n', /401/],
    ];
    for (let n = 0; n < 50; n++)
      for (const [path, headers, status] of asked) {
        const method = path === '/results' ? 'POST' : 'GET';
        const raw = head(`${method} ${path}`, 'dl1.x', `${described}${headers}`);
        expect(await talk(port, (socket) => socket.write(raw))).toMatch(status);
      }
    const large = head('POST /results', token, `${described}Content-Length: 10000000000\r\n`);
    expect(await talk(port, (socket) => socket.write(large))).toMatch(/413/);
    const lines = printed.split('\n').filter((line) => line !== '');
    expect(lines.length).toBeLessThan(10);
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
    expect(printed).not.toMatch(/\bat .*[/(]|stack|dl1\./);
  });

  it('is served to this machine alone, off Cloud Run', async () => {
    const [outer] = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    if (!outer) return;
    const line = await talk(port, (socket) => socket.write(head('GET /', undefined)), outer.address);
    expect(line).toBe('');
  });

  it('ends when it is told to', async () => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });
});
