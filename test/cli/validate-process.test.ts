import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('the deploy-loop process', () => {
  it('validates the example, and ends with 0', async () => {
    const file = 'deploy-loop.example.yaml';
    expect(await run('validate', file)).toEqual({ code: 0, stdout: `${file}: ok, 2 services\n`, stderr: '' });
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

async function run(...args: readonly string[]) {
  const child = spawn(process.execPath, ['shared/cli/main.ts', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.on('error', reject).on('close', resolve);
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  return { code: await promise, ...output };
}
