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
  await writeFile(
    join(cwd, 'collected.txt'),
    'e2e/test_priority2_high.py::test_a\n\n1 test collected in 0.01s\n',
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
    const { stderr } = await importIndex('index.md', '--collected', 'collected.txt');
    expect(stderr).toContain('test_priority2_high.py: 20 tests in the index, 1 collected');
    expect(stderr).toContain('test_load.py: in the index, but none of its tests was collected');
    expect(stderr).not.toContain('collected in 0.01s');
  });

  it('prints one line of JSON for programs', async () => {
    const { stdout } = await importIndex('index.md', '--collected', 'collected.txt', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ suites: expect.any(Array), disagreements: expect.any(Array) });
  });

  it.each([
    ['none.md', 'none.md: names no test file'],
    ['gone.md', 'gone.md does not exist'],
  ])('refuses %s', async (file, why) => {
    const { code, stderr } = await importIndex(file);
    expect(code).toBe(2);
    expect(stderr).toContain(why);
  });
});
