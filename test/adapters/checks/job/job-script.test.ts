import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jobScript } from '../../../../shared/adapters/checks/job/job-script.ts';
import { which } from '../../../agent/run-agent.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'job-script-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function run(shell: string, command: string, ids: readonly string[], cwd?: string): string {
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  return execFileSync(shell, [file('command', jobScript(command, cwd))], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      DEPLOY_LOOP_TESTS_FILE: file('tests', ids.map((id) => `${id}\n`).join('')),
      DEPLOY_LOOP_RESULTS_FILE: join(folder, 'report'),
    },
  });
}

/** What a shell, a file system or a runner would take for something else. */
const ids = [
  'a b',
  '  lead',
  '$(touch pwned)',
  '`id`',
  `it's "q"`,
  '*',
  '-n',
  'back\\slash',
  '',
  'a;b',
  '#c',
];
const shells = ['sh', 'dash', 'bash'].filter((shell) => which(shell) !== undefined);

describe.each(shells)('the script of a job, in %s', (shell) => {
  it('has each id as one word, whatever is in it', () => {
    const printed = run(shell, `printf '<%s>\\n' {tests}`, ids);
    expect(printed.split('\n').slice(0, -1)).toEqual(ids.map((id) => `<${id}>`));
  });

  it('names the files of the agent', () => {
    expect(run(shell, 'cat {testsFile} > {results}; cat {results}', ['x', 'y'])).toBe('x\ny\n');
  });

  it('runs where the suite says, whatever the folder is called', () => {
    mkdirSync(join(folder, `it's $HOME`));
    expect(run(shell, 'pwd', [], `it's $HOME`).trim()).toMatch(/\/it's \$HOME$/);
    expect(run(shell, 'pwd', [], '/').trim()).toBe('/');
  });

  it('does nothing where there is no such folder', () => {
    expect(() => run(shell, 'echo ran > {results}', [], 'nowhere')).toThrow();
  });
});
