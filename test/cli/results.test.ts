import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { ctrfReport, junitReport } from '../fixtures/results/reports.ts';
import { captureCli } from './captured-io.ts';
import { runProcess } from './run-process.ts';

const good = '<testsuite><testcase name="a" time="0.1"/><testcase name="b" time="0.2"/></testsuite>';
let cwd = '';
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'deploy-loop-results-'));
  await mkdir(join(cwd, 'folder'));
  await writeFile(join(cwd, 'good.xml'), good);
  await writeFile(join(cwd, 'mixed.xml'), junitReport);
  await writeFile(join(cwd, 'report.dat'), ctrfReport);
  await writeFile(join(cwd, 'errored.xml'), '<testcase name="a"><error/></testcase>');
  await writeFile(join(cwd, 'half.xml'), good.slice(0, -3));
  await writeFile(join(cwd, 'half-failed.xml'), '<testsuite><testcase><failure/></testcase>');
  await writeFile(join(cwd, 'odd.xml'), '<testcase name="a" time="soon"/>');
  await writeFile(join(cwd, 'none.xml'), '<testsuite tests="3"/>');
  await writeFile(join(cwd, 'empty.xml'), '');
  const titles = '<testcase name="buys"><failure message="no till"/></testcase><testcase name="buys"/>';
  await writeFile(join(cwd, 'one-title.xml'), `<testsuite>${titles}</testsuite>`);
  await writeFile(
    join(cwd, 'old.xml'),
    '<testsuite timestamp="2001-02-03T04:05:06"><testcase name="a"/></testsuite>',
  );
  await writeFile(
    join(cwd, 'unloaded.xml'),
    '<testcase name="t/a.ts"><error>no module\ncart</error></testcase>',
  );
});
afterAll(() => rm(cwd, { recursive: true }));

const results = (...args: readonly string[]) => captureCli(['results', ...args], { cwd });

describe('deploy-loop results', () => {
  it('prints one line of JSON for programs', async () => {
    const { code, stdout, stderr } = await results('good.xml', 'report.dat', '--json');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout.split('\n')).toHaveLength(2);
    const counts = { errored: 0, skipped: 0, flaky: 0 };
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      exitCode: 1,
      files: [
        {
          file: 'good.xml',
          tests: 2,
          passed: 2,
          failed: 0,
          ...counts,
          durationMs: 300,
          problems: [],
          cases: [],
        },
        {
          file: 'report.dat',
          tests: 2,
          passed: 1,
          failed: 1,
          ...counts,
          durationMs: 2000,
          problems: [],
          cases: [{ id: 'signs out', outcome: 'failed', detail: 'no \\ door é' }],
        },
      ],
      totals: { tests: 4, passed: 3, failed: 1, ...counts, durationMs: 2300 },
    });
  });

  it('prints a table for people, and the problems below', async () => {
    const { code, stdout } = await results('good.xml', 'odd.xml', 'half.xml');
    expect(code).toBe(3);
    expect(stdout).toBe(
      [
        'FILE      TESTS  PASSED  FAILED  ERRORED  SKIPPED  FLAKY  SECONDS',
        'good.xml  2      2       0       0        0        0      0.300',
        'odd.xml   1      1       0       0        0        0      0.000',
        'half.xml  2      2       0       0        0        0      0.300',
        'all       5      5       0       0        0        0      0.600',
        'odd.xml:1:33: warning: the time "soon" is not valid, and counts as unknown',
        'half.xml:1:83: error: the report ends inside a tag',
        '',
      ].join('\n'),
    );
  });

  test.each([
    ['a good report', ['good.xml'], 0],
    ['an odd one', ['odd.xml'], 0],
    ['a failure', ['good.xml', 'mixed.xml'], 1],
    ['an error', ['errored.xml'], 1],
    ['a failure in half a report', ['half-failed.xml'], 1],
    ['a failure beside a missing report', ['missing.xml', 'errored.xml'], 1],
    ['half a report', ['half.xml'], 3],
    ['no tests', ['none.xml'], 3],
    ['an empty file', ['good.xml', 'empty.xml'], 3],
    ['a missing report', ['good.xml', 'missing.xml'], 3],
    ['no file named', [], 2],
  ])('ends with its own code for %s', async (_what, args, code) => {
    expect((await results(...args)).code).toBe(code);
  });

  test.each([
    ['missing.xml', 'the file does not exist'],
    ['good.xml/below', 'the file does not exist'],
    ['folder', 'the file is a directory'],
    ['/dev/zero', 'the file is neither a regular file nor a pipe'],
  ])('reads the others when %s cannot be read', async (file, message) => {
    const { stdout, stderr } = await results(file, 'good.xml', '--json');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      files: [
        { file, tests: 0, problems: [{ kind: 'unreadable', severity: 'error', message, count: 1 }] },
        { file: 'good.xml', tests: 2, problems: [] },
      ],
      totals: { tests: 2 },
    });
  });

  test.each([
    ['one title, 0', 'one-title.xml', '0', 0, { tests: 1, passed: 1, failed: 0, flaky: 1 }],
    ['one title, 1', 'one-title.xml', '1', 1, { tests: 2, passed: 1, failed: 1, flaky: 0 }],
    ['passes, 0', 'good.xml', '0', 0, { tests: 2, passed: 2 }],
    ['passes, 1', 'good.xml', '1', 1, { tests: 2, passed: 0, errored: 2 }],
    ['passes, a signal', 'good.xml', '137', 1, { tests: 2, passed: 0, errored: 2 }],
    ['passes of another day, 0', 'old.xml', '0', 0, { tests: 1, passed: 1 }],
    ['half a report, 0', 'half.xml', '0', 1, { tests: 2, passed: 0, errored: 2 }],
    ['no tests, 0', 'none.xml', '0', 3, { tests: 0 }],
    ['no report, 0', 'missing.xml', '0', 3, { tests: 0 }],
  ])('judges a report by how its command ended: %s', async (_what, file, exitCode, code, totals) => {
    const judged = await results('--exit-code', exitCode, file, '--json');
    expect(judged).toMatchObject({ code, stderr: '' });
    expect(JSON.parse(judged.stdout)).toMatchObject({ totals });
  });

  it.each([
    [['unloaded.xml'], 'unloaded.xml: errored: t/a.ts: no module cart'],
    [['one-title.xml', '--exit-code', '1'], 'one-title.xml: failed: buys: no till'],
    [
      ['good.xml', '--exit-code', '1'],
      'good.xml: errored: a: the command exited with 1 although no test failed',
    ],
  ])('shows why: %j', async (args, line) => {
    expect((await results(...args)).stdout.split('\n')).toContain(line);
  });

  it.each(['-1', '256', '1.5', 'one', ''])(
    'refuses the exit code %j, and says what it may be',
    async (code) => {
      const { code: own, stderr } = await results('good.xml', `--exit-code=${code}`);
      expect(own).toBe(2);
      expect(stderr).toContain('a whole number from 0 to 255');
    },
  );

  it('works as a process', async () => {
    const { code, stdout, stderr } = await runProcess(['results', 'good.xml', '--json'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ totals: { tests: 2 } });
  });
});
