import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { describeFailure } from '../../infra/local/story/describe-failure.ts';
import { holdFolder } from '../../infra/local/story/hold-folder.ts';
import { npmCommand } from '../../infra/local/story/npm-command.ts';
import { playStory } from '../../infra/local/story/play-story.ts';
import { marker, strays } from '../../shared/adapters/checks/command/process-group.ts';

const main = join(import.meta.dirname, '../../infra/local/story/main.ts');

/** The story as a process. @param until the text after which it gets a signal, or its output is closed */
async function start(args: readonly string[], until?: RegExp, what: NodeJS.Signals | 'close' = 'SIGINT') {
  const id = randomUUID();
  const env = { ...process.env, [marker]: id };
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  let told = until === undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (told || !until?.test(stdout)) return;
    told = true;
    if (what === 'close') child.stdout.destroy();
    else child.kill(what);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const { promise, resolve } = Promise.withResolvers<number | null>();
  child.on('close', resolve);
  return { code: await promise, stdout, stderr, left: strays(id) };
}

describe('npm start', () => {
  it('explains its options', async () => {
    const { code, stdout, stderr } = await start(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: npm start -- \[options\]$/m);
    expect(stdout).toContain('--realistic');
    expect(stdout).toContain('--functions');
  });

  it.each([
    ['an option that it does not have', '--real', /^error: unknown option '--real'.*\n$/],
    ['a word', 'realistic', /^error: too many arguments.*\n$/],
  ])('refuses %s in one line', async (_what, arg, line) => {
    const { code, stdout, stderr } = await start([arg]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(line);
  });

  it.each<[NodeJS.Signals, number]>([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('leaves nothing behind when it is stopped by %s', async (signal, exitCode) => {
    const { code, stdout, stderr, left } = await start([], /deploy-loop apply/, signal);
    expect({ code, stderr, left }).toEqual({ code: exitCode, stderr: '', left: [] });
    expect(stdout).toMatch(/\nStopped\. Everything that was started has ended\.\n$/);
    const [, port] = /http:\/\/web\.localhost:(\d+)/.exec(stdout) ?? [];
    expect(await isOpen(Number(port))).toBe(false);
  });

  it('ends quietly when nobody reads on', async () => {
    const { code, stderr, left } = await start([], /deploy-loop apply/, 'close');
    expect({ code, stderr, left }).toEqual({ code: 0, stderr: '', left: [] });
  });

  it('is not told twice in one folder at a time', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'deploy-loop-story-'));
    const stdout = new PassThrough().resume();
    const tell = () =>
      playStory({ profile: 'fast', functions: false, folder, stdout, stderr: stdout, caller: '/' });
    const hold = await holdFolder(folder);
    const error: unknown = await tell().catch((cause: unknown) => cause);
    hold[Symbol.dispose]();
    expect(describeFailure(error)).toBe(
      `another story is being told in ${folder}: wait for its end, or stop it`,
    );
    (await holdFolder(folder))[Symbol.dispose]();
    await rm(folder, { recursive: true });
  });

  it('tells in one line of a folder that it cannot write', async () => {
    const stdout = new PassThrough().resume();
    const folder = join(main, 'records');
    const failed = playStory({
      profile: 'fast',
      functions: false,
      folder,
      stdout,
      stderr: stdout,
      caller: '/',
    });
    const error: unknown = await failed.catch((cause: unknown) => cause);
    expect(describeFailure(error)).toBe(`${folder} cannot be used (ENOTDIR): make it writable, or remove it`);
  });
});

describe('a failure of the story', () => {
  it.each([
    [
      Object.assign(new Error('listen EADDRINUSE: address already in use 127.0.0.1:80'), {
        syscall: 'listen',
      }),
      /^no port of this machine can be opened \(.*EADDRINUSE.*\): end what uses it, or allow it$/,
    ],
    [new Error('guard ended with 3\n    more'), /^Error: guard ended with 3 more$/],
    ['text', /^text$/],
  ])('is one line: %s', (error, line) => {
    expect(describeFailure(error)).toMatch(line);
  });
});

describe('the next step of the story', () => {
  it.each([
    ['in the project', '/dl', 'npm run -s deploy-loop -- plan'],
    ['below it', '/dl/docs', 'npm run -s deploy-loop -- plan'],
    ['beside it', '/shop', 'npm --prefix ../dl run -s deploy-loop -- plan'],
  ])('can be pasted %s', (_where, caller, command) => {
    expect(npmCommand('plan', '/dl', caller)).toBe(command);
  });
});

/** Whether something listens. */
async function isOpen(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, '127.0.0.1');
  socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}
