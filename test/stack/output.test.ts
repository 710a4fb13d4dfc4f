import { describe, expect, it } from '@jest/globals';
import { webContainer } from '../../infra/local/containers/web-container.ts';
import { deployAfterGood } from './deploy-after-good.ts';
import { recordsFile, Stack } from './stack.ts';

/** Begins every control sequence. */
const controlCharacter = '\u001b';

describe('what the command line prints', () => {
  it('has no control sequences where stdout is no terminal', async () => {
    await using stack = await Stack.start();
    await deployAfterGood(stack, webContainer({ HEALTH: '503' }));
    await stack.writeMessage();
    const files = ['--config', 'deploy-loop.yaml', '--records', recordsFile];
    const texts = [
      await stack.cli('apply', 'deploy-loop.yaml', '--records', recordsFile),
      await stack.cli('guard', '--message', 'message.json', ...files),
      await stack.cli('guard', '--service', 'web', ...files),
      await stack.cli('runs', '--records', recordsFile),
      await stack.cli('services', '--records', recordsFile),
    ];
    for (const { stdout, stderr } of texts) expect(stdout + stderr).not.toContain(controlCharacter);
  });

  it('is one line of JSON with --json, and nothing else', async () => {
    await using stack = await Stack.start();
    await deployAfterGood(stack, webContainer({ HEALTH: '503' }));
    await stack.writeMessage();
    const { stdout, stderr } = await stack.cli(
      ...['guard', '--message', 'message.json', '--config', 'deploy-loop.yaml', '--json'],
    );
    expect(stdout).toMatch(/^\{.+\}\n$/);
    expect(stderr).toBe('');
  });

  it('never holds a token', async () => {
    await using stack = await Stack.start();
    await deployAfterGood(stack, webContainer({ HEALTH: '503' }), { private: true });
    await stack.writeMessage();
    const files = ['--config', 'deploy-loop.yaml', '--records', recordsFile];
    const guarded = await stack.cli('guard', '--message', 'message.json', ...files);
    // The token was needed: without it the answer is 403, and not the revision's 503.
    expect(guarded).toMatchObject({ code: 1, stdout: expect.stringContaining('HTTP 503') });
    const runId = /^run +(\w+)$/m.exec(guarded.stdout)?.[1] ?? '';
    const shown = await stack.cli('show', runId, '--records', recordsFile, '--json');
    const all = [guarded.stdout, guarded.stderr, shown.stdout, shown.stderr, await stack.read(recordsFile)];
    expect(all.join()).not.toContain('local:http');
  });
});
