import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { webContainer } from '../../infra/local/containers/web-container.ts';
import { deployAfterGood } from './deploy-after-good.ts';
import { recordsFile, Stack } from './stack.ts';

const broken = webContainer({ HEALTH: '503' });

async function rolledBack() {
  const stack = await Stack.start();
  const { stable, candidate } = await deployAfterGood(stack, broken);
  const { run } = await stack.guardBuild();
  const ask = (...args: readonly string[]) => stack.cli(...args, '--records', recordsFile);
  const askJson = async (...args: readonly string[]): Promise<unknown> =>
    JSON.parse((await ask(...args, '--json')).stdout);
  return { stack, stable, candidate, runId: run?.id ?? '', ask, askJson };
}

describe('the records in a file', () => {
  it('tell of apply and of guard, in tables and as JSON', async () => {
    const { stack, stable, candidate, runId, ask, askJson } = await rolledBack();
    await using _ = stack;

    const runs = (await ask('runs')).stdout.trimEnd().split('\n');
    expect(runs[0]).toMatch(/^RUN +OPENED +SERVICE +REVISION +VERDICT +WHAT$/);
    expect(runs[1]).toMatch(new RegExp(`^${runId}  .+  web +${candidate} +fail +HTTP 503, .+ → restored$`));
    expect(runs[2]).toMatch(new RegExp(`  web +${stable} +pass +answers as expected$`));
    expect(runs).toHaveLength(3);
    expect(await askJson('runs', '--verdict', 'fail', '--service', 'web')).toMatchObject({
      runs: [{ id: runId }],
    });
    expect(await askJson('runs', '--limit', '1')).toMatchObject({ runs: [{ id: runId, verdict: 'fail' }] });

    const { stdout } = await ask('services');
    expect(stdout).toMatch(
      new RegExp(`^web +acme-staging/us-central1/web +${stable} +guard: ${stable}$`, 'm'),
    );
    expect(stdout).toMatch(
      new RegExp(`^web +pinned +guard: on ${stable} since \\S+ in place of ${candidate}: until .+$`, 'm'),
    );
    expect(await askJson('services')).toMatchObject({
      services: [{ name: 'web', pin: { target: stable, bad: candidate } }],
    });
  });

  it('show of one run what was seen, decided and done', async () => {
    const { stack, stable, candidate, runId, ask, askJson } = await rolledBack();
    await using _ = stack;

    const { code, stdout } = await ask('show', runId);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^verdict +fail  web ${candidate}, traffic is back on ${stable} `));
    expect(stdout).toMatch(/^build +[0-9a-f-]{36} \(SUCCESS; revision found by label\)$/m);
    expect(stdout).toMatch(/^ +health +#1 +HTTP 503, expected 200.* \| stable: good in \d+ ms$/m);
    expect(stdout).toMatch(/^\S+Z +health +fail +HTTP 503.*$/m);
    expect(stdout).toMatch(/^\S+Z +reverify +pass +the service answers as expected again$/m);
    expect(stdout).toMatch(new RegExp(`^\\S+Z +rollback +done +traffic is back on ${stable}$`, 'm'));
    expect(stdout).toMatch(new RegExp(`^\\S+Z +deploy-loop +accepted +LATEST 100 % → ${stable} 100 %$`, 'm'));
    expect(await askJson('show', runId)).toMatchObject({
      run: {
        id: runId,
        health: [{ stage: 'health' }, { stage: 'health' }, { stage: 'reverify' }, { stage: 'reverify' }],
        trafficChanges: [
          {
            actor: 'deploy-loop',
            outcome: 'accepted',
            before: expect.arrayContaining([{ latest: true, revision: null, percent: 100, tag: null }]),
            after: expect.arrayContaining([{ latest: false, revision: stable, percent: 100, tag: null }]),
          },
        ],
        undo: expect.stringMatching(/^gcloud run services update-traffic web .+ --to-latest$/),
      },
      now: { pin: { owner: 'guard', target: stable, bad: candidate } },
    });
  });

  it('are readable by their owner only, alone in their file, and not touched by questions', async () => {
    const { stack, runId, ask } = await rolledBack();
    await using _ = stack;
    const file = join(stack.folder, recordsFile);
    const before = await stat(file);
    expect((before.mode & 0o777).toString(8)).toBe('600');

    for (const question of [['runs'], ['services'], ['show', runId]]) await ask(...question);
    expect((await stat(file)).mtimeMs).toBe(before.mtimeMs);

    await stack.guardService();
    expect((await stat(file)).ino).toBe(before.ino);
    expect((await readdir(stack.folder)).sort()).toEqual(['deploy-loop.yaml', 'message.json', recordsFile]);
  });

  it('make a message that is delivered again tell what it led to, and do nothing more', async () => {
    const { stack, runId } = await rolledBack();
    await using _ = stack;
    const before = await stack.state();
    expect(await stack.guardMessage()).toMatchObject({ code: 1, run: { id: runId, verdict: 'fail' } });
    expect(await stack.state()).toEqual(before);
  });
});
