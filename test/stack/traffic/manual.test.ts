import { status } from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import { ManualDocument, RerunPreviewDocument } from '../../../shared/contracts/output/command-output.ts';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import { deployAfterGood } from '../deploy-after-good.ts';
import { recordsFile, Stack } from '../stack.ts';
import { runGcloud } from '../update-traffic.ts';

const good = webContainer();
const broken = webContainer({ HEALTH: '503' });
const why = ['--why', 'incident 42', '--as', 'ann'];
const unpinned = ['unpin', 'web', '--why', 'incident 42 is over', '--as', 'ann'];

/** Two revisions that were verified, the newer of which serves, following LATEST. */
async function twoGood() {
  const stack = await Stack.start();
  const { stable, candidate } = await deployAfterGood(stack, good);
  expect(await stack.guardBuild()).toMatchObject({ code: 0 });
  return { stack, stable, candidate, manually: manualOf(stack) };
}

function manualOf(stack: Stack) {
  return (...args: readonly string[]) => stack.cli(...args, '--records', recordsFile);
}

const allOn = (revision: RevisionName) => ({ [revision]: 100 });

describe('by hand,', () => {
  it('a rollback is made once, told with the command that undoes it, and kept with who and why', async () => {
    const { stack, stable, candidate, manually } = await twoGood();
    await using _ = stack;
    const before = await stack.writes();

    const { code, stdout, stderr } = await manually('rollback', 'web', ...why);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^ +LATEST 100 % → ${stable} 100 %$`, 'm'));
    expect(stdout).toMatch(new RegExp(`^outcome  done: traffic is ${stable} 100 %$`, 'm'));
    expect((await stack.writes()) - before).toBe(1n);
    expect(await stack.serving()).toEqual(allOn(stable));
    const records = await stack.read(recordsFile);
    expect(records.includes('manual rollback: incident 42')).toBe(true);
    expect(records).toMatch(/"actor": ?"ann"/);
    expect((await manually('services')).stdout).toContain(`pinned    guard: on ${stable} since `);

    expect((await manually('changes', 'web')).stdout).toMatch(
      new RegExp(`ann +accepted +LATEST 100 % +${stable} 100 % +manual rollback: incident 42$`, 'm'),
    );

    await runGcloud(stack, /^undo +(.+)$/m.exec(stdout)?.[1] ?? '');
    expect(await stack.serving()).toEqual(allOn(candidate));
  });

  it.each([
    ['rollback', 'AFTER', /in place of|until the next good deploy/],
    ['pin', 'AFTER', /set manually: until it is unpinned/],
    ['unpin', 'LATEST', /^pin +none$/m],
  ])(
    'a dry run of %s tells what it would do, and writes nothing, not even a record',
    async (kind, head, pin) => {
      const { stack, stable, candidate, manually } = await twoGood();
      await using _ = stack;
      if (kind === 'unpin') await manually('pin', 'web', ...why);
      const [state, records] = [await stack.state(), await stack.read(recordsFile)];

      const { code, stdout } = await manually(kind, 'web', '--dry-run');

      expect(code).toBe(0);
      expect(stdout).toContain(head);
      expect(stdout).toMatch(pin);
      if (kind === 'rollback') {
        expect(stdout).toMatch(new RegExp(`^${candidate} +100 % +0 % +deploy-loop-stable$`, 'm'));
        expect(stdout).toMatch(new RegExp(`^${stable} +0 % +100 %$`, 'm'));
      }
      expect(await stack.state()).toEqual(state);
      expect(await stack.read(recordsFile)).toBe(records);
      const json = await manually(kind, 'web', '--dry-run', '--json');
      expect(ManualDocument.parse(JSON.parse(json.stdout))).toMatchObject({
        dryRun: true,
        kind,
        state: 'planned',
      });
    },
  );

  it('a pin on what serves is undone by the command that it prints', async () => {
    const { stack, candidate, manually } = await twoGood();
    await using _ = stack;
    const before = (await stack.state()).traffic;
    const { stdout } = await manually('pin', 'web', ...why);
    const undo = /^undo +deploy-loop (.+)$/m.exec(stdout)?.[1] ?? '';
    expect(undo).toBe(`unpin web --why TEXT --records ${recordsFile}`);
    expect(await stack.cli(...undo.split(' '), '--as', 'ann')).toMatchObject({ code: 0 });
    expect((await stack.state()).traffic.filter(({ percent }) => percent > 0)).toEqual(
      before.filter(({ percent }) => percent > 0),
    );
    expect(await stack.serving()).toEqual(allOn(candidate));
  });

  it('a pin keeps traffic where it is whatever is deployed, until it is unpinned', async () => {
    const { stack, candidate, manually } = await twoGood();
    await using _ = stack;
    expect(await manually('pin', 'web', ...why)).toMatchObject({ code: 0 });

    await stack.build(good);
    // Users get nothing of it, so a script does not go on as if it was out.
    expect(await stack.guardBuild()).toMatchObject({
      code: 3,
      run: {
        verdict: 'pass',
        action: 'none',
        reasons: [{ text: expect.stringContaining(`traffic is pinned manually to ${candidate}`) }],
      },
    });
    expect(await stack.serving()).toEqual(allOn(candidate));
    expect((await manually('services')).stdout).toMatch(
      new RegExp(`pinned +human: on ${candidate} since .+set manually: until it is unpinned`),
    );

    const { latestCreatedRevision: newest = candidate } = await stack.state();
    expect(await manually(...unpinned, '--force')).toMatchObject({ code: 0 });
    expect(await stack.serving()).toEqual(allOn(newest));
    expect((await manually('services')).stdout).not.toContain('human:');
  });

  it('a revision that was never validated is promoted only by force', async () => {
    const { stack, candidate, manually } = await twoGood();
    await using _ = stack;
    const { revision } = await stack.deploy(broken, { noTraffic: true });
    const state = await stack.state();

    const told = await manually('promote', 'web', '--json', ...why);
    expect(ManualDocument.parse(JSON.parse(told.stdout))).toMatchObject({
      exitCode: 1,
      state: 'skipped',
      after: null,
      undo: null,
    });
    const refused = await manually('promote', 'web', ...why);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain(
      `outcome  skipped: ${revision} was never validated: --force skips the verification requirement\n`,
    );
    expect(refused.stdout).not.toContain('undo');
    expect(await manually('promote', 'web', '--dry-run')).toMatchObject({
      code: 1,
      stdout: `promote of web would be refused: ${revision} was never validated: --force skips the verification requirement\n`,
    });
    expect(await stack.state()).toEqual(state);
    expect(await stack.serving()).toEqual(allOn(candidate));

    const forced = await manually('promote', 'web', ...why, '--force', '--json');
    expect(ManualDocument.parse(JSON.parse(forced.stdout))).toMatchObject({
      exitCode: 0,
      state: 'done',
      after: expect.arrayContaining([{ latest: false, revision, percent: 100, tag: null }]),
      undo: expect.any(String),
    });
    expect(await stack.serving()).toEqual(allOn(revision));
  });

  it('nothing is written while the kill switch is on', async () => {
    const { stack, stable, manually } = await twoGood();
    await using _ = stack;
    expect(await manually('freeze', '--all', ...why)).toMatchObject({ code: 0 });
    const state = await stack.state();

    for (const args of [why, [...why, '--force'], ['--dry-run']]) {
      const { code, stdout } = await manually('rollback', 'web', ...args);
      expect({ args, code }).toEqual({ args, code: 1 });
      expect(stdout).toContain('the kill switch is on: incident 42');
    }
    expect(await stack.state()).toEqual(state);

    expect(await manually('unfreeze', '--all', '--as', 'ann')).toMatchObject({ code: 0 });
    expect(await manually('rollback', 'web', ...why)).toMatchObject({ code: 0 });
    expect(await stack.serving()).toEqual(allOn(stable));
  });

  it('what serves is validated once more, with the output and the exit codes of guard', async () => {
    await using stack = await Stack.start();
    const { revision } = await stack.deploy(good);
    await stack.apply();
    const manually = manualOf(stack);

    const dry = await manually('rerun', 'web', '--dry-run');
    expect(dry).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/attempt 2 on \S+ would start; nothing was written\n$/),
    });
    const json = await manually('rerun', 'web', '--dry-run', '--json');
    expect(RerunPreviewDocument.parse(JSON.parse(json.stdout))).toMatchObject({ revision, attempt: 2 });
    const { code, stdout } = await manually('rerun', 'web', ...why);
    expect(stdout).toContain('ann: incident 42');
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^verdict +pass  web ${revision}$`, 'm'));
    expect(stdout).toMatch(/^times +decided after [\d.]+ s, good after [\d.]+ s$/m);

    await stack.deploy(broken);
    const again = await manually('rerun', 'web', '--json', ...why);
    expect(again.code).toBe(1);
    expect(JSON.parse(again.stdout)).toMatchObject({
      exitCode: 1,
      runs: [{ openedBy: 'rerun', verdict: 'fail', target: revision }],
    });
    expect(await stack.serving()).toEqual(allOn(revision));
  });

  it('what Cloud Run does not let this account do is told as its fault, and ends with 3', async () => {
    const { stack, candidate, manually } = await twoGood();
    await using _ = stack;
    const denied = { code: status.PERMISSION_DENIED, message: 'denied' };
    stack.cloud.faults.next('UpdateService', denied);
    const written = await manually('rollback', 'web', ...why);
    expect(written.code).toBe(3);
    expect(written.stdout).toMatch(
      /^outcome {2}stopped: .+ PERMISSION_DENIED: denied: give this account a role .+$/m,
    );

    const records = await stack.read(recordsFile);
    stack.cloud.faults.next('GetService', denied);
    const read = await manually('rollback', 'web', ...why);
    expect(read).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('PERMISSION_DENIED') });
    expect(await stack.read(recordsFile)).toBe(records);
    expect(await stack.serving()).toEqual(allOn(candidate));
  });
});
