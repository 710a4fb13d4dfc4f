import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Mutation } from './mutation.ts';
import { WorkCopy } from './work-copy.ts';

const mutation: Mutation = {
  promise: 'p',
  file: 'src/a.ts',
  original: 'x',
  mutated: 'y',
  tests: ['t'],
  testName: '',
};

describe('WorkCopy', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'tree-'));
    execFileSync('git', ['init', '--quiet'], { cwd: root });
    for (const folder of ['src', 'node_modules', 'dist']) mkdirSync(join(root, folder));
    writeFileSync(join(root, '.gitignore'), 'node_modules\ndist\n');
    writeFileSync(join(root, 'src/a.ts'), 'x');
    writeFileSync(join(root, 'src/gone.ts'), '');
    writeFileSync(join(root, 'dist/a.js'), '');
    writeFileSync(join(root, 'node_modules/m.js'), '');
    execFileSync('git', ['add', '.'], { cwd: root });
    rmSync(join(root, 'src/gone.ts'));
    writeFileSync(join(root, 'src/new.ts'), '');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('holds the tree as it is now, without what git ignores, and with its modules', () => {
    using copy = new WorkCopy(root);
    const has = (file: string) => existsSync(join(copy.path, file));
    expect(['src/a.ts', 'src/new.ts', 'node_modules/m.js'].filter(has)).toHaveLength(3);
    expect(['src/gone.ts', 'dist/a.js'].filter(has)).toEqual([]);
  });

  it('breaks the line while work is done, in the copy alone, and mends it whatever happens', async () => {
    using copy = new WorkCopy(root);
    const inCopy = () => readFileSync(join(copy.path, 'src/a.ts'), 'utf8');
    const inTree = () => readFileSync(join(root, 'src/a.ts'), 'utf8');
    const seen = await copy.whileMutated(mutation, async () => [inCopy(), inTree()]);
    expect([...seen, inCopy()]).toEqual(['y', 'x', 'x']);
    await expect(copy.whileMutated(mutation, () => Promise.reject(new Error('stop')))).rejects.toThrow(
      'stop',
    );
    expect(inCopy()).toBe('x');
  });

  it('is gone after use, and the tree with its modules is not', () => {
    let path = '';
    {
      using copy = new WorkCopy(root);
      path = copy.path;
    }
    expect(existsSync(path)).toBe(false);
    expect(existsSync(join(root, 'node_modules/m.js'))).toBe(true);
  });
});
