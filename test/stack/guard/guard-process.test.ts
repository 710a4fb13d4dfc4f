import { describe, expect, it } from '@jest/globals';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import { runProcess } from '../../cli/run-process.ts';
import { deployAfterGood } from '../deploy-after-good.ts';
import { Stack } from '../stack.ts';

describe('the deploy-loop process', () => {
  it('guards a deploy: traffic is back, the exit code is 1, and logs hold no token', async () => {
    await using stack = await Stack.start();
    const { stable, candidate } = await deployAfterGood(stack, webContainer({ HEALTH: '503' }), {
      private: true,
    });
    await stack.writeMessage();
    const env = { ...stack.env, DEPLOY_LOOP_LOG_LEVEL: 'info' };
    const { code, stdout, stderr } = await runProcess(
      ['guard', '--message', 'message.json', '--config', 'deploy-loop.yaml'],
      { cwd: stack.folder, env },
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(new RegExp(`^verdict +fail  web ${candidate}, traffic is back on ${stable}`, 'm'));
    expect(stdout).toMatch(/^undo +gcloud run services update-traffic web /m);
    expect(stdout + stderr).not.toContain('\u001b');
    expect(stderr).toContain('"stage decided"');
    expect(stdout + stderr).not.toContain('local:http');
    expect(await stack.serving()).toEqual({ [stable]: 100 });
  });
});
