import { describe, expect, it } from '@jest/globals';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import { recordsFile, Stack } from '../stack.ts';
import { runGcloud } from '../update-traffic.ts';

const watch = { for: '400ms', minimum: '100ms' };
const steps = [
  { percent: 20, hold: '200ms' },
  { percent: 100, hold: '200ms' },
];

/** A revision that `apply` has verified, and a newer one without traffic. */
async function canary() {
  const stack = await Stack.start({ mode: 'canary', steps, watch, requestLog: { use: 'off' } });
  const { revision: stable } = await stack.deploy(webContainer());
  await stack.apply();
  const { revision } = await stack.deploy(webContainer(), { noTraffic: true });
  return { stack, stable, revision };
}

describe('a canary, guarded by hand,', () => {
  it('tells of its steps and of its watch, with what undoes the last of them', async () => {
    const { stack, stable, revision } = await canary();
    await using _ = stack;
    const files = ['--config', 'deploy-loop.yaml', '--records', recordsFile];
    const { code, stdout, stderr } = await stack.cli(
      'guard',
      '--service',
      'web',
      '--watch',
      '400ms',
      ...files,
    );

    expect(code).toBe(0);
    expect(stderr).toMatch(/^deploy-loop\.yaml:\S+ defaults\.requestLog\.use: warning: [^\n]+\n$/);
    expect(stdout).toContain(`… step-1  ${revision} has 20 % of the traffic: to be watched for 0.2 s\n`);
    expect(stdout).toContain(`… watch   ${revision} serves users: to be watched for 0.4 s\n`);
    const notes = stdout.match(/^ +watched 0\.\d s of 0\.4 s$/gm);
    expect(notes?.at(-1)).toBe('    watched 0.4 s of 0.4 s');
    expect(notes?.length).toBeLessThanOrEqual(4);
    expect(stdout).toMatch(new RegExp(`^verdict pass  web ${revision}, it has 100 % of the traffic$`, 'm'));
    expect(stdout).toMatch(/^times +decided after [\d.]+ s, promoted after [\d.]+ s, good after [\d.]+ s$/m);
    const undo = /^undo +(.+)$/m.exec(stdout)?.[1] ?? '';
    await runGcloud(stack, undo);
    expect(await stack.serving()).toEqual({ [stable]: 80, [revision]: 20 });
  });
});
