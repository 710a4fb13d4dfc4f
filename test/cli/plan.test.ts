import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { captureCli } from './captured-io.ts';

let cwd = '';
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'deploy-loop-plan-'));
  const files = {
    'timings.json': '{"a.py::1": 4, "a.py::2": 2, "b.py::1": 1, "b.py::2": 1}',
    'actual.json': '{"a.py::1": 4, "b.py::1": 3, "c.py::1": 5}',
    'other.json': '{"z": 1}',
    'broken.json': '{"a": 1,\n "b" 2}',
    'negative.json': '{"a": -1}',
    'text.json': '{"a": "1"}',
    'list.json': '[1]',
    'empty.json': '{}',
    'nan.json': '{"a": NaN}\n',
    'endless.json': '{"a": 1e999}',
    'nameless.json': '{"": 1}',
    'odd.json': '{"__proto__": 3, "constructor": 1, "a": 1}',
    'zeros.json': '{"a": 0, "b": 0}',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
});
afterAll(() => rm(cwd, { recursive: true }));

const plan = (...args: readonly string[]) => captureCli(['plan', ...args], { cwd });

describe('deploy-loop plan', () => {
  it('prints how the plan plays, one line of JSON for programs', async () => {
    const args = ['--timings', 'timings.json', '--workers', '2', '--startup-ms', '500', '--mode', 'static'];
    const { code, stdout } = await plan(...args, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      exitCode: 0,
      mode: 'static',
      makespanMs: 4500,
      lowerBoundMs: 4500,
      ratio: 1,
      shards: 2,
      tests: 4,
      unknown: 0,
      workers: [
        { shards: 1, tests: 1, durationMs: 4500 },
        { shards: 1, tests: 3, durationMs: 4500 },
      ],
    });
  });

  it('plans on one file and plays another: what is new is unknown, what is gone is not played', async () => {
    const args = ['--timings', 'timings.json', '--actual', 'actual.json', '--workers', '3', '--json'];
    const { stdout } = await plan(...args);
    expect(JSON.parse(stdout)).toMatchObject({
      tests: 3,
      unknown: 1,
      makespanMs: 5000,
      lowerBoundMs: 5000,
    });
  });

  it('plans tests that take no time at all', async () => {
    const { stdout } = await plan('--timings', 'zeros.json', '--workers', '2', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ tests: 2, makespanMs: 0, ratio: 1 });
  });

  it('plans tests of any name', async () => {
    const { stdout } = await plan('--timings', 'odd.json', '--workers', '1', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ tests: 3, makespanMs: 5000 });
  });

  it('prints a table for people', async () => {
    const { stdout } = await plan('--timings', 'timings.json', '--workers', '2');
    expect(stdout).toContain('4 tests in 4 shards, queue');
    expect(stdout).toContain('WORKER  SHARDS  TESTS  SECONDS');
  });

  it.each([
    [['--timings', 'gone.json', '--workers', '2'], 'gone.json does not exist'],
    [['--timings', 'broken.json', '--workers', '2'], 'broken.json is not JSON: SyntaxError: .*line 2 column'],
    [
      ['--timings', 'negative.json', '--workers', '2'],
      'negative.json: "a": seconds must be a number of at least 0',
    ],
    [['--timings', 'text.json', '--workers', '2'], 'text.json: "a": seconds must be a number'],
    [['--timings', 'list.json', '--workers', '2'], 'list.json: seconds must be a number'],
    [['--timings', 'empty.json', '--workers', '2'], 'empty.json contains no test'],
    [['--timings', 'timings.json', '--actual', 'other.json', '--workers', '2'], 'no test in common'],
    [['--timings', 'nan.json', '--workers', '2'], 'nan.json is not JSON: SyntaxError: Unexpected token'],
    [['--timings', 'endless.json', '--workers', '2'], 'endless.json: "a": seconds must be a number'],
    [['--timings', 'nameless.json', '--workers', '2'], 'nameless.json: a test has no name'],
    [['--timings', 'timings.json', '--workers', '0'], '--workers.* a whole number from 1'],
    [['--timings', 'timings.json', '--workers', '1.5'], '--workers.* a whole number'],
    [['--timings', 'timings.json', '--workers', '-2'], '--workers.* a whole number from 1'],
    [['--timings', 'timings.json', '--workers', 'many'], 'not a number'],
    [['--timings', 'timings.json', '--workers', ''], 'not a number'],
    [['--timings', 'timings.json', '--workers', 'NaN'], 'not a number'],
    [['--timings', 'timings.json', '--workers', '2', '--startup-ms', '-1'], '--startup-ms.* from 0'],
    [['--timings', 'timings.json'], '--workers'],
    [['--timings', 'timings.json', '--workers', '2', '--mode', 'best'], 'queue, static, auto'],
  ])('refuses %j', async (args, why) => {
    const { code, stdout, stderr } = await plan(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(new RegExp(why));
    expect(stderr.trimEnd()).not.toContain('\n');
  });
});
