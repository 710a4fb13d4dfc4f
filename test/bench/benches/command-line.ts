import { webContainer } from '../../../infra/local/containers/web-container.ts';
import { runProcess } from '../../cli/run-process.ts';
import { deployAfterGood } from '../../stack/deploy-after-good.ts';
import { Stack } from '../../stack/stack.ts';
import type { Bench } from '../bench.ts';
import { repeat } from '../repeat.ts';

/** Two pauses of 20 ms between probes are in it. */
async function guardInProcess(): Promise<number> {
  await using stack = await Stack.start();
  await deployAfterGood(stack, webContainer({ HEALTH: '503' }));
  await stack.writeMessage();
  const { folder: cwd, env } = stack;
  const startedMs = performance.now();
  const args = ['guard', '--message', 'message.json', '--config', 'deploy-loop.yaml'];
  const { code, stderr } = await runProcess(args, { cwd, env });
  if (code !== 1) throw new Error(`guard ended with ${code}: ${stderr}`);
  return performance.now() - startedMs;
}

/** The same from cold: a process starts, loads Google's clients, rolls back, re-verifies and ends. */
export const commandLine: Bench = {
  title: 'deploy-loop guard as a process, rolling back a deploy that answers 503 (profile fast, watch 0s)',
  async run() {
    return [{ what: 'start → end of the process', values: await repeat(5, guardInProcess), unit: 'ms' }];
  },
};
