import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { packageFolder } from '../../shared/cli/package-folder.ts';
import { startFolder } from '../../shared/cli/start-folder.ts';

const root = packageFolder();
const main = join(root, 'shared/cli/main.ts');

describe('startFolder', () => {
  const npm = {
    INIT_CWD: '/home/ana/shop',
    npm_lifecycle_event: 'deploy-loop',
    npm_package_json: join(root, 'package.json'),
  };

  it('is the folder where npm was called, for the script of this package', () => {
    expect(startFolder({ env: npm, cwd: root, packageFolder: root, script: 'deploy-loop' })).toBe(
      '/home/ana/shop',
    );
  });

  it.each([
    ['without npm', {}, root],
    ['in a folder that the command was called in', npm, '/home/ana/other'],
    ['in a script of another name', { ...npm, npm_lifecycle_event: 'test' }, root],
    ['in a script of another package', { ...npm, npm_package_json: '/home/ana/shop/package.json' }, root],
    ['with a package that is gone', { ...npm, npm_package_json: '/nowhere/package.json' }, root],
    ['with an old npm, which names no package', { ...npm, npm_package_json: undefined }, root],
    ['with a relative folder', { ...npm, INIT_CWD: 'shop' }, root],
  ])('is the working directory %s', (_where, env, cwd) => {
    expect(startFolder({ env, cwd, packageFolder: root, script: 'deploy-loop' })).toBe(cwd);
  });
});

describe('called through npm', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'deploy-loop-start-')));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const run = promisify(execFile);
  /** What a shell has that calls npm, which finds this test's node first. */
  const env = { PATH: process.env.PATH, HOME: process.env.HOME };

  it.each(['the folder of the project', 'a link to it'])(
    'by %s, reads files beside the caller',
    async (how) => {
      await symlink(root, join(folder, 'link'));
      await writeFile(join(folder, 'seconds.json'), '{"a": 1}');
      const prefix = how === 'a link to it' ? 'link' : root;
      const args = [
        '--prefix',
        prefix,
        'run',
        '-s',
        'deploy-loop',
        '--',
        'plan',
        '--timings',
        'seconds.json',
      ];
      const { stdout } = await run('npm', [...args, '--workers', '1'], { cwd: folder, env });
      expect(stdout).toContain('1 s');
    },
  );

  it('in a script of another package, reads files beside that package', async () => {
    const script = `"${process.execPath}" "${main}" plan --timings seconds.json --workers 1`;
    await writeFile(join(folder, 'package.json'), JSON.stringify({ scripts: { 'deploy-loop': script } }));
    await writeFile(join(folder, 'seconds.json'), '{"a": 1}');
    const { stdout } = await run('npm', ['--prefix', folder, 'run', '-s', 'deploy-loop'], { cwd: root, env });
    expect(stdout).toContain('1 s');
  });
});
