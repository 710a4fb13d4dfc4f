import { describe, expect, it } from '@jest/globals';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import { GoogleCloudRun } from '../../../shared/adapters/google/google-cloud-run.ts';
import { openStore } from '../../../shared/cli/options/store-options.ts';
import { documentIn } from '../../../shared/contracts/document.ts';
import { type DiagnosisRecord, diagnoses } from '../../../shared/contracts/records.ts';
import type { RunId } from '../../../shared/domain/ids.ts';
import { update } from '../../../shared/ports/store.ts';
import { createContainer } from '../../../shared/runtime/container.ts';
import { parseSettings } from '../../../shared/runtime/settings.ts';
import { type RunningProcess, startProcess } from '../../cli/run-process.ts';
import { deployAfterGood } from '../deploy-after-good.ts';
import { healthy, Puppet, unavailable } from '../puppet.ts';
import { recordsFile, Stack } from '../stack.ts';

const files = ['--config', 'deploy-loop.yaml', '--records', recordsFile];
const guardArgs = ['guard', '--service', 'web', ...files];

const start = ({ folder, env }: Stack): RunningProcess => startProcess(guardArgs, { cwd: folder, env });
const ask = async (stack: Stack, ...args: readonly string[]) =>
  (await stack.cli(...args, '--records', recordsFile)).stdout;

/** A guard that gets a signal while it re-verifies: traffic is back, and nothing has been said. */
async function killedInReverify(signal: NodeJS.Signals) {
  const stack = await Stack.start();
  const guard: { process?: RunningProcess | undefined } = {};
  const puppet = await Puppet.start(async () => {
    const [serving] = Object.keys(await stack.serving());
    if (guard.process && serving === stable) guard.process.kill(signal);
    return healthy;
  });
  let stable = '';
  const deployed = await deployAfterGood(stack, webContainer({ HEALTH: '503' }), {}, puppet.container);
  stable = deployed.stable;
  guard.process = start(stack);
  const { code } = await guard.process.result;
  guard.process = undefined;
  return { stack, puppet, code, ...deployed };
}

/** @returns the result of a run's diagnosis before the change */
async function changeDiagnosis(
  { env, folder: cwd }: Stack,
  runId: RunId,
  fields: { [K in keyof DiagnosisRecord]?: DiagnosisRecord[K] | undefined },
): Promise<DiagnosisRecord['result']> {
  const settings = parseSettings(env);
  const container = createContainer(settings);
  const place = { settings, clock: container.ports.clock, cwd, project: undefined };
  const { store, close } = await openStore({ records: recordsFile }, place);
  try {
    const ref = documentIn(diagnoses, runId);
    const found = await store.get(ref);
    if (found && Object.keys(fields).length > 0) await store.commit([update(ref, found, fields)]);
    return found?.data.result;
  } finally {
    await Promise.all([close(), container.close()]);
  }
}

describe('the records of a guard that is gone', () => {
  it.each(['SIGKILL', 'SIGINT'] as const)(
    'after %s while it re-verifies: run, change and pin are there, and the next guard ends the run',
    async (signal) => {
      const { stack, puppet, stable, candidate, code } = await killedInReverify(signal);
      await using _ = stack;
      await using __ = puppet;
      expect(code).not.toBe(0);
      expect(await stack.serving()).toEqual({ [stable]: 100 });

      const runs = await ask(stack, 'runs');
      const runId = new RegExp(`^([0-9a-f]{20}) .+ ${candidate} `, 'm').exec(runs)?.[1] ?? '';
      expect(await ask(stack, 'show', runId)).toMatch(
        new RegExp(`^verdict +fail +web ${candidate}, traffic is back on ${stable}`),
      );
      expect(await ask(stack, 'changes', 'web')).toMatch(
        new RegExp(`deploy-loop +accepted +LATEST 100 % +${stable} 100 %`),
      );
      expect(await ask(stack, 'services')).toMatch(
        new RegExp(`^web +pinned +guard: on ${stable} since \\S+ in place of ${candidate}`, 'm'),
      );

      const writes = await stack.writes();
      expect(await stack.guardService()).toMatchObject({ code: 1, run: { outcome: { code: 'restored' } } });
      expect(await stack.writes()).toBe(writes);
    },
  );

  it('after SIGKILL at any look before the rollback: the next guard makes it, once', async () => {
    await using stack = await Stack.start();
    const guard: { process?: RunningProcess | undefined; at: number } = { at: 0 };
    await using puppet = await Puppet.start(async () => {
      if (guard.process && --guard.at === 0) {
        guard.process.kill('SIGKILL');
        guard.process = undefined;
      }
      return unavailable;
    });
    const { stable } = await deployAfterGood(stack, puppet.container);
    for (const at of [1, 2, 3]) {
      const process = start(stack);
      Object.assign(guard, { process, at });
      await process.result;
    }
    guard.process = undefined;
    await stack.guardService();
    expect(await stack.serving()).toEqual({ [stable]: 100 });
    const changes = await ask(stack, 'changes', 'web');
    expect(changes.match(new RegExp(`accepted +LATEST 100 % +${stable} 100 %`, 'g'))).toHaveLength(1);
  });

  it('that died while it looked for the cause: the next guard finds it', async () => {
    await using stack = await Stack.start();
    await deployAfterGood(stack, webContainer({ HEALTH: '503' }));
    expect(await stack.guardService()).toMatchObject({ code: 1 });
    const whole = await ask(stack, 'runs');
    const runId = /^([0-9a-f]{20}) .+ fail /m.exec(whole)?.[1] ?? '';
    const result = await changeDiagnosis(stack, runId as RunId, {
      result: undefined,
      madeAt: undefined,
      dueAt: new Date(Date.now() - 1_000),
    });
    expect(result).toBeDefined();

    await stack.guardService();

    expect(await changeDiagnosis(stack, runId as RunId, {})).toMatchObject({ category: result?.category });
  });
});

describe('while a guard works over a file,', () => {
  it.each([
    ['freeze', ['freeze', 'web', '--why', 'incident 42', '--as', 'ann']],
    ['the kill switch', ['freeze', '--all', '--why', 'incident 42', '--as', 'ann']],
    ['a pin', ['pin', 'web', '--force', '--why', 'incident 42', '--as', 'ann']],
  ])('%s of another process reaches it: it moves no traffic', async (_what, args) => {
    await using stack = await Stack.start();
    let isGuarded = false;
    let looks = 0;
    await using puppet = await Puppet.start(async () => {
      if (isGuarded && ++looks === 2) {
        const { code, stderr } = await stack.cli(...args, '--records', recordsFile);
        if (code !== 0) throw new Error(stderr);
      }
      return unavailable;
    });
    const { candidate } = await deployAfterGood(stack, puppet.container);
    isGuarded = true;

    await start(stack).result;

    expect(looks).toBeGreaterThanOrEqual(2);
    expect(await stack.serving()).toEqual({ [candidate]: 100 });
  });

  it('a second guard does not roll back a second time', async () => {
    await using stack = await Stack.start();
    const { stable } = await deployAfterGood(stack, webContainer({ HEALTH: '503' }));
    const results = await Promise.all([start(stack), start(stack)].map(({ result }) => result));
    // The other says that it is being worked on.
    expect(results.map(({ code }) => code)).toContain(1);
    expect(await stack.serving()).toEqual({ [stable]: 100 });
    // A guard that finds the other's unfinished write may void it first, which moves no traffic.
    const changes = await ask(stack, 'changes', 'web');
    expect(changes.match(new RegExp(`accepted +LATEST 100 % +${stable} 100 %`, 'g'))).toHaveLength(1);
  });
});

describe('without records,', () => {
  const guard = (stack: Stack) => stack.cli('guard', '--service', 'web', '--config', 'deploy-loop.yaml');

  it('the fix of what another process has rolled back gets its traffic, and the deploys after it', async () => {
    await using stack = await Stack.start();
    const { stable } = await deployAfterGood(stack, webContainer({ HEALTH: '503' }));
    expect(await guard(stack)).toMatchObject({ code: 1 });
    expect(await stack.serving()).toEqual({ [stable]: 100 });
    const { revision: fixed } = await stack.deploy(webContainer({ VERSION: 'fix' }));
    expect(await stack.serving()).toEqual({ [stable]: 100 });

    expect(await guard(stack)).toMatchObject({ code: 0 });

    expect(await stack.serving()).toEqual({ [fixed]: 100 });
    expect((await stack.state()).annotations).not.toHaveProperty('deploy-loop-pin');
    const { revision: next } = await stack.deploy(webContainer());
    expect(await stack.serving()).toEqual({ [next]: 100 });
  });

  it('where all annotations are lost, the end says that users do not get the fix, and what gives it to them', async () => {
    await using stack = await Stack.start();
    const { stable } = await deployAfterGood(stack, webContainer({ HEALTH: '503' }));
    expect(await guard(stack)).toMatchObject({ code: 1 });
    await replaceAnnotations(stack);
    const { revision: fixed } = await stack.deploy(webContainer({ VERSION: 'fix' }));

    const { code, stdout } = await guard(stack);

    expect(code).toBe(3);
    expect(stdout).toMatch(new RegExp(`^verdict +pass +web ${fixed}, but it has no traffic$`, 'm'));
    // Without records there is nothing that `promote` could read.
    expect(stdout).toMatch(new RegExp(`^next +gcloud run .+ --to-revisions=${fixed}=100$`, 'm'));
    expect(await stack.serving()).toEqual({ [stable]: 100 });
  });
});

/** As another tool may do that knows nothing of the annotations of others. */
async function replaceAnnotations(stack: Stack): Promise<void> {
  const run = new GoogleCloudRun({ endpoint: stack.cloud.endpoint });
  const { traffic, etag } = await stack.state();
  await run.updateTraffic(stack.ref, { traffic, annotations: { team: 'shop' }, etag });
  await run.close();
}
