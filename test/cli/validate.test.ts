import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { configText } from '../config/config-text.ts';
import { captureCli } from './captured-io.ts';

let cwd = '';
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'deploy-loop-validate-'));
  await mkdir(join(cwd, 'folder'));
  await writeFile(join(cwd, 'good.yaml'), configText());
  await writeFile(join(cwd, 'warned.yaml'), configText('health: { path: /healthz }'));
  await writeFile(join(cwd, 'folder', 'trusting.yaml'), configText('tls: { caFile: ca.pem }'));
  await copyFile(new URL('../fixtures/tls/ca.pem', import.meta.url), join(cwd, 'folder', 'ca.pem'));
  await writeFile(join(cwd, 'astray.yaml'), configText('tls: { caFile: ca.pem }'));
  await writeFile(join(cwd, 'bad.yaml'), configText('mode: gated', 'propagation: 5'));
  await writeFile(
    join(cwd, 'garbage.yaml'),
    Uint8Array.from({ length: 4096 }, (_, i) => (i * 37) % 256),
  );
  await writeFile(join(cwd, 'nul.yaml'), 'version: 1\0');
  await writeFile(join(cwd, 'huge.yaml'), '#'.repeat(1024 * 1024 + 1));
});
afterAll(() => rm(cwd, { recursive: true }));

const validate = (...args: readonly string[]) => captureCli(['validate', ...args], { cwd });

describe('deploy-loop validate', () => {
  it('accepts a good file', async () => {
    expect(await validate('good.yaml')).toEqual({
      code: 0,
      stdout: 'good.yaml: ok, 1 service\n',
      stderr: '',
    });
  });

  it('accepts a file with a warning, and keeps the warning out of stdout', async () => {
    const { code, stdout, stderr } = await validate('warned.yaml');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'warned.yaml: ok, 1 service\n' });
    expect(stderr).toMatch(/^warned\.yaml:6:15 services\[0\]\.health\.path: warning: .+\n$/);
  });

  it('has the warnings of a config printed once by other commands, beside JSON', async () => {
    const day = "quarantine: [{ tests: [b], owner: me, until: '2026-04-30' }]";
    const text = configText(`suites: [{ name: a, kind: http, ${day}, checks: [{ name: b, path: / }] }]`);
    await writeFile(join(cwd, 'ended.yaml'), text);
    const stderr: string[] = [];
    const io = {
      cwd,
      now: () => new Date('2026-05-01'),
      stderr: { write: (text: string) => stderr.push(text) },
    };
    const args = ['--json', 'guard', '--config', 'ended.yaml', '--service', 'other'];
    expect((await captureCli(args, io)).code).toBe(2);
    expect(stderr.filter((line) => line.includes('warning: '))).toEqual([
      expect.stringMatching(/^ended\.yaml:6:\d+ .*until: warning: the quarantine ended on 2026-04-30/),
    ]);
  });

  it('prints every fault of a bad file to stderr', async () => {
    const { code, stdout, stderr } = await validate('bad.yaml');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^bad\.yaml:6:5 services\[0\]\.mode: /),
      expect.stringMatching(/^bad\.yaml:7:5 services\[0\]\.propagation: /),
    ]);
  });

  it('reads what the file names beside it', async () => {
    expect(await validate('folder/trusting.yaml')).toMatchObject({ code: 0, stderr: '' });
    expect(await validate('astray.yaml')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^astray\.yaml:6:12 services\[0\]\.tls\.caFile: ca\.pem does not exist — /,
      ),
    });
  });

  it('prints one line of JSON for programs', async () => {
    const good = await validate('warned.yaml', '--json');
    const bad = await captureCli(['--json', 'validate', 'bad.yaml'], { cwd });

    expect(good).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(good.stdout)).toMatchObject({
      exitCode: 0,
      services: ['backend'],
      warnings: [{ line: 6 }],
    });
    expect(bad).toMatchObject({ code: 2, stderr: expect.stringContaining('bad.yaml:6:') });
    expect(JSON.parse(bad.stdout)).toMatchObject({
      error: { code: 'bad-config', exitCode: 2, faults: [{ line: 6 }, { line: 7 }] },
    });
  });

  test.each([
    ['missing.yaml', 'does not exist'],
    ['good.yaml/below', 'does not exist'],
    ['folder', 'is a directory'],
    ['/dev/null', 'is not a regular file'],
    ['garbage.yaml', 'is not UTF-8 text'],
    ['nul.yaml', 'control characters'],
    ['huge.yaml', 'larger than 1 MiB'],
  ])('says in one line why %s cannot be used', async (file, why) => {
    const { code, stdout, stderr } = await validate(file);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(why);
    expect(stderr.split('\n')).toHaveLength(2);
  });
});

describe('deploy-loop', () => {
  test.each([
    [[]],
    [['validat']],
    [['validate']],
    [['validate', 'a', 'b']],
    [['validate', 'good.yaml', '--bogus']],
    [['--bogus']],
  ])('ends with 2 for %j', async (args) => {
    const { code, stdout, stderr } = await captureCli(args, { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toBe('');
  });

  test.each([[['--help']], [['help']], [['help', 'validate']], [['validate', '--help']], [['--version']]])(
    'ends with 0 and prints to stdout for %j',
    async (args) => {
      const { code, stdout, stderr } = await captureCli(args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).not.toBe('');
    },
  );

  it('suggests a command for a slip', async () => {
    expect((await captureCli(['validat'])).stderr).toContain('Did you mean validate?');
  });

  it('names a fault of its own as one, in one line, and never calls it a verdict', async () => {
    const stdout = {
      write: () => {
        throw new RangeError('out of\npaper');
      },
    };
    const { code, stderr } = await captureCli(['validate', 'good.yaml'], { cwd, stdout });
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: 'deploy-loop: internal error: RangeError: out of paper\n',
    });
  });
});
