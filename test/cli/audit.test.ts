import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { ScanDocument } from '../../shared/contracts/output/audits-output.ts';
import { RunDocument } from '../../shared/contracts/output/run-output.ts';
import { aConfig, aServiceConfig } from '../builders.ts';
import { codeQl, esLint, oneResult } from '../contracts/audits/sarif-logs.ts';
import { worldInMemory } from '../world/world-in-memory.ts';
import { captureCli } from './captured-io.ts';
import { saveRecords } from './save-records.ts';

const fresh = '99999999-0000-4000-8000-000000000001';
let cwd = '';
let handled = '';
let runId = '';

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'deploy-loop-audit-'));
  const audits = { drift: { gate: true, minimum: 1, shared: [] }, compliance: { gate: false, minimum: 0 } };
  const { world, memory } = await worldInMemory(aConfig(aServiceConfig({ audits })));
  await world.deployGood('web-1');
  const build = world.deployByBuild('web-2');
  await world.finishBuild(build);
  handled = build.split('/').at(-1) ?? '';
  runId = world.runIdOf('web-2');
  await saveRecords(join(cwd, 'records.db'), memory);
  await writeFile(join(cwd, 'eslint.sarif'), JSON.stringify(esLint()));
  await writeFile(join(cwd, 'codeql.sarif'), `\ufeff${JSON.stringify(codeQl())}`);
});
afterAll(() => rm(cwd, { recursive: true }));

const audit = (...args: readonly string[]) =>
  captureCli(['audit', '--records', 'records.db', ...args], { cwd, env: {} });

describe('deploy-loop audit', () => {
  it('stores findings once, and says what they are', async () => {
    const args = ['--sarif', 'eslint.sarif', '--sarif', 'codeql.sarif', '--build', fresh];
    const first = await audit(...args);
    expect(first).toMatchObject({ code: 0, stdout: '3 findings in 2 of 5 files\n' });
    expect((await audit(...args)).stdout).toBe('3 findings in 2 of 5 files: stored before\n');
    const { stdout } = await audit(...args, '--json');
    expect(ScanDocument.parse(JSON.parse(stdout))).toMatchObject({ stored: false, files: 5, dirtyFiles: 2 });
  });

  it('does not replace what is on record', async () => {
    const other = await audit('--sarif', 'eslint.sarif', '--build', fresh);
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('give all SARIF files at once') });
  });

  it('refuses findings of a build that was handled without them', async () => {
    const late = await audit('--sarif', 'eslint.sarif', '--build', handled);
    expect(late).toMatchObject({ code: 2, stderr: expect.stringContaining('in a step of the build') });
  });

  test.each<[string, string | Uint8Array, string]>([
    ['no JSON', '{', 'bad.sarif: not JSON: '],
    ['a list', '[]', 'bad.sarif: '],
    ['nothing', 'null', 'bad.sarif: '],
    ['another version', JSON.stringify({ ...esLint(), version: '2.0.0' }), 'bad.sarif: version: '],
    ['no runs', JSON.stringify({ version: '2.1.0', runs: [] }), 'bad.sarif: runs: '],
    ['a run without a tool', JSON.stringify({ version: '2.1.0', runs: [{}] }), 'bad.sarif: runs.0.tool: '],
    [
      'a rule that is a number',
      JSON.stringify(oneResult({ ruleId: 7 })),
      'bad.sarif: runs.0.results.0.ruleId: ',
    ],
    [
      'a fingerprint that is a list',
      JSON.stringify(oneResult({ partialFingerprints: { '\u001b[2J': [] } })),
      'bad.sarif: runs.0.results.0.partialFingerprints. [2J: ',
    ],
    ['lists in lists', '['.repeat(200_000), 'bad.sarif: '],
    ['bytes that are no text', Uint8Array.from([0xff, 0xfe, 0x00]), 'bad.sarif is not UTF-8 text'],
    [
      'too many findings',
      JSON.stringify(esLint(5_001)),
      'bad.sarif: 5001 findings, more than can be compared',
    ],
  ])('says in one line where a file is wrong: %s', async (_what, content, message) => {
    await writeFile(join(cwd, 'bad.sarif'), content);
    const { code, stdout, stderr } = await audit('--sarif', 'bad.sarif', '--build', fresh);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`deploy-loop: ${message}`);
    expect(stderr.trimEnd()).not.toMatch(/\n/);
    expect(stderr.length).toBeLessThan(500);
  });

  test.each<[readonly string[], string]>([
    [['--build', fresh], "required option '--sarif <file>' not specified"],
    [['--sarif', 'eslint.sarif'], "required option '--build <id>' not specified"],
    [['--sarif', 'gone.sarif', '--build', fresh], 'gone.sarif does not exist'],
    [['--sarif', 'eslint.sarif', '--build', 'x'], 'a build id is a UUID'],
    [['--sarif', 'codeql.sarif', '--build', fresh, '--files', '0'], 'a whole number from 1'],
  ])('refuses %j', async (args, message) => {
    expect(await audit(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });

  it('refuses fewer files than have findings', async () => {
    await writeFile(
      join(cwd, 'two.sarif'),
      JSON.stringify({ ...esLint(), runs: [...esLint(1).runs, ...codeQl().runs] }),
    );
    const found = await audit('--sarif', 'two.sarif', '--build', fresh, '--files', '1');
    expect(found).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--files 1: 2 files have findings'),
    });
  });
});

describe('deploy-loop show', () => {
  const show = (...args: readonly string[]) =>
    captureCli(['show', runId, '--records', 'records.db', ...args], { cwd, env: {} });

  it('has a line for each audit, and all tables', async () => {
    const { stdout } = await show();
    expect(stdout).toMatch(
      /^audits {2}drift fail 0\.750 \(gate, at least 1\.00\): image by digest \(image: by tag\)$/m,
    );
    expect(stdout).toMatch(
      /^ {8}compliance unknown: new findings \(no SARIF file was given for its build\)$/m,
    );
    expect(stdout).toMatch(/^Audits\ndrift fail 0\.750/m);
    expect(stdout).toMatch(/^ {2}image by digest +bad +0\.000 +image: by tag$/m);
  });

  it('has the same in its JSON', async () => {
    const { run } = RunDocument.parse(JSON.parse((await show('--json')).stdout));
    expect(run.audits).toMatchObject({
      made: true,
      gates: 'fail',
      results: [
        { name: 'drift', status: 'fail', score: 0.75, gate: true },
        { name: 'compliance', status: 'unknown', score: null, baseline: null },
      ],
    });
  });
});
