import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { parseConfig } from '../../shared/config/parse-config.ts';
import { captureCli } from './captured-io.ts';

let cwd = '';
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'deploy-loop-index-'));
  const index = await readFile(new URL('../fixtures/test-index/index.md', import.meta.url), 'utf8');
  await writeFile(join(cwd, 'index.md'), index);
  await writeFile(join(cwd, 'none.md'), '# Nothing');
  await writeFile(join(cwd, 'patterns.md'), '- `t/test_*.py`');
  await writeFile(join(cwd, 'gaps.md'), '## All (`t/test_*.py`)\n- test_a.py (2 tests)');
  await writeFile(join(cwd, 'tree.txt'), '<Module a.py>\n');
  await writeFile(join(cwd, 'mixed.txt'), 'test_a.py: 2\n<Module a.py>\n');
  await writeFile(
    join(cwd, 'collected.txt'),
    'test_priority2_high.py::test_a\n\n1 test collected in 0.01s\n',
  );
});
afterAll(() => rm(cwd, { recursive: true }));

const importIndex = (...args: readonly string[]) => captureCli(['import-index', ...args], { cwd });

describe('deploy-loop import-index', () => {
  it('prints suites that the config takes', async () => {
    const { code, stdout, stderr } = await importIndex('index.md');
    expect(code).toBe(0);
    expect(stderr).toBe('7 files, 1253 tests according to the index; 3 have no priority and default to P3\n');
    const { suites } = parse(stdout);
    expect(suites).toHaveLength(7);
    const place = { name: 'web', project: 'acme-staging', region: 'us-central1' };
    const config = JSON.stringify({ version: 1, services: [{ ...place, suites }] });
    expect(parseConfig(config, 'deploy-loop.yaml').config.services[0]?.suites).toHaveLength(7);
  });

  it('says where the index disagrees with what is collected', async () => {
    const { code, stderr } = await importIndex('index.md', '--collected', 'collected.txt');
    expect(code).toBe(1);
    expect(stderr).toContain('test_priority2_high.py: 20 tests in the index, 1 collected');
    expect(stderr).toContain('test_load.py: in the index, but none of its tests was collected');
    expect(stderr).not.toContain('collected in 0.01s');
  });

  it('prints one line of JSON for programs', async () => {
    const { code, stdout } = await importIndex('index.md', '--collected', 'collected.txt', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ suites: expect.any(Array), disagreements: expect.any(Array) });
  });

  it('names what it made no suite of, and what it could not compare', async () => {
    const { code, stderr } = await importIndex('gaps.md', '--collected', 'mixed.txt');
    expect(code).toBe(0);
    expect(stderr.split('\n').slice(1)).toEqual([
      't/test_*.py: a pattern, so no suite was generated: name its files in the index',
      'mixed.txt:2: a line is not a test id and is ignored: "<Module a.py>"',
      '',
    ]);
  });

  it('refuses a list of something else than ids', async () => {
    const { code, stderr } = await importIndex('index.md', '--collected', 'tree.txt');
    expect(code).toBe(2);
    expect(stderr).toContain('tree.txt:1: no test ids here, but "<Module a.py>": expected one per line');
  });

  it.each([
    ['none.md', 'none.md: names no test file'],
    ['gone.md', 'gone.md does not exist'],
    ['patterns.md', 'and not patterns such as t/test_*.py'],
  ])('refuses %s', async (file, why) => {
    const { code, stderr } = await importIndex(file);
    expect(code).toBe(2);
    expect(stderr).toContain(why);
  });
});
