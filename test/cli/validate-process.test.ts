import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { runProcess } from './run-process.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('the deploy-loop process', () => {
  it('validates the example, and ends with 0', async () => {
    const file = 'deploy-loop.example.yaml';
    expect(await run('validate', file)).toEqual({ code: 0, stdout: `${file}: ok, 2 services\n`, stderr: '' });
  });

  it('prints its help to stdout, and ends with 0', async () => {
    const { code, stdout, stderr } = await run('help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Usage: deploy-loop');
  });

  it('ends with 2 for a file that is none', async () => {
    const file = 'no-such-file.yaml';
    expect(await run('validate', file)).toEqual({
      code: 2,
      stdout: '',
      stderr: `deploy-loop: ${file} does not exist\n`,
    });
  });
});

function run(...args: readonly string[]) {
  return runProcess(args, { cwd: root });
}
