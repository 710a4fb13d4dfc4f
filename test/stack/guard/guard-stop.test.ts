import { describe, expect, it } from '@jest/globals';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import { ErrorDocument, ErrorOutput } from '../../../shared/contracts/output/error-output.ts';
import { ValidatedDocument } from '../../../shared/contracts/output/run-output.ts';
import { startProcess } from '../../cli/run-process.ts';
import { type ConfigChanges, configText } from '../config-text.ts';
import { deployAfterGood } from '../deploy-after-good.ts';
import { type DeployOptions, recordsFile, Stack } from '../stack.ts';

/** What the guard gets; what `apply` got has nothing to wait for. */
const slowConfig = 'slow.yaml';
const files = ['--config', slowConfig, '--records', recordsFile];
const guard = ['guard', '--message', 'message.json', ...files];
const second = webContainer({ VERSION: '2' });
const StoppedDocument = ValidatedDocument.extend({ error: ErrorOutput });
const longWatch = { for: '1h', minimum: '1h', interval: '10s' };

/** A good revision, a deploy after it, and a config with which its guard takes long. */
async function deployed(slow: ConfigChanges, options: DeployOptions = {}) {
  const stack = await Stack.start();
  const revisions = await deployAfterGood(stack, second, options);
  await stack.write(slowConfig, configText(slow));
  await stack.writeMessage();
  return { stack, ...revisions };
}

function start(stack: Stack, ...args: readonly string[]) {
  return startProcess(args, { cwd: stack.folder, env: { ...stack.env, PATH: process.env.PATH ?? '' } });
}

/** The text after a word at the beginning of a line; undefined: there is no such line. */
function fact(stdout: string, head: string): string | undefined {
  return new RegExp(`^${head} +(.+)$`, 'm').exec(stdout)?.[1];
}

describe('a guard that is stopped', () => {
  it('by Ctrl-C says what its canary has, and the same command after its abort takes that back', async () => {
    const steps = [
      { percent: 20, hold: '1h' },
      { percent: 100, hold: '1h' },
    ];
    const slow = { mode: 'canary', steps, watch: longWatch, requestLog: { use: 'off' } };
    const { stack, stable, candidate } = await deployed(slow, { noTraffic: true });
    await using _ = stack;
    const running = start(stack, ...guard);
    await running.printed(/^… step-1 /m);
    running.kill('SIGINT');
    const { code, stdout } = await running.result;

    expect(code).toBe(130);
    const runId = /run (\w+) of/.exec(fact(stdout, 'stopped') ?? '')?.[1] ?? '';
    expect(fact(stdout, 'stopped')).toBe(`by SIGINT: run ${runId} of ${candidate} is in stage step-1`);
    expect(fact(stdout, 'traffic')).toMatch(`web: ${stable} 100 % → `);
    expect(fact(stdout, 'canary')).toBe(
      `${candidate} keeps 20 % of the traffic until the run goes on, or is cancelled`,
    );
    expect(fact(stdout, 'next')).toBe('run the same command again: it continues where this one ended');
    expect(fact(stdout, 'undo')).toMatch(/^gcloud run services update-traffic web .+=100$/);
    expect(await stack.serving()).toEqual({ [stable]: 80, [candidate]: 20 });

    const abort = fact(stdout, 'abort')?.split(',', 1)[0]?.replace('TEXT', 'test').split(' ').slice(1);
    expect(await stack.cli(...(abort ?? []), '--as', 'ann')).toMatchObject({ code: 0 });
    const again = await stack.cli(...guard);
    expect(again).toMatchObject({ code: 3, stdout: expect.stringMatching(/^verdict +inconclusive/m) });
    expect(fact(again.stdout, 'run')).toBe(runId);
    expect(await stack.serving()).toEqual({ [stable]: 100 });
  });

  it('by its time limit ends with 3, and says that nothing has moved', async () => {
    const { stack } = await deployed({ watch: longWatch });
    await using _ = stack;
    const { code, stdout } = await stack.cli(...guard, '--timeout', '2s');
    expect(code).toBe(3);
    expect(fact(stdout, 'stopped')).toMatch(/^after 2 s \(--timeout\): run \w+ of \S+ is in stage watch$/);
    expect(fact(stdout, 'traffic')).toBe('not changed');
    expect(fact(stdout, 'undo')).toBeUndefined();
    const json = await stack.cli(...guard, '--timeout', '2s', '--json');
    expect(json).toMatchObject({ code: 3, stderr: expect.stringMatching(/^stopped +after 2 s/m) });
    const document = StoppedDocument.parse(JSON.parse(json.stdout));
    expect(document).toMatchObject({
      exitCode: 3,
      runs: [{ state: 'open', stage: 'watch', undo: null }],
      error: { code: 'interrupted', message: expect.stringMatching(/^stopped +after 2 s/), exitCode: 3 },
    });
  });

  it('says what holds its traffic', async () => {
    const { stack } = await deployed({ watch: longWatch });
    await using _ = stack;
    await stack.cli('pause', 'web', '--why', 'fair', '--as', 'ann', '--records', recordsFile);
    const { stdout } = await stack.cli(...guard, '--timeout', '2s');
    expect(fact(stdout, 'held')).toMatch(
      /^no revision gains traffic, web is paused by ann .+; ends with deploy-loop resume web --records records\.db$/,
    );
  });

  it('by SIGTERM ends its command suites, and says that a new guard begins anew without records', async () => {
    const hanging = {
      name: 'e2e',
      kind: 'command',
      list: 'echo a',
      run: 'echo $$ > pid; sleep 600; : {tests} {results}',
    };
    const { stack } = await deployed({ suites: [hanging] });
    await using _ = stack;
    const running = start(stack, ...guard.slice(0, 5));
    await running.printed(/1 check in 1 shard/);
    const pid = await pidOf(stack);
    running.kill('SIGTERM');
    const { code, stdout } = await running.result;
    expect(code).toBe(143);
    expect(fact(stdout, 'next')).toMatch(/begins anew, since the records were in memory only$/);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('before it has opened a run says so', async () => {
    await using stack = await Stack.start();
    await stack.deploy(second);
    await stack.write(slowConfig, configText());
    const onStopSignal = (first: (signal: 'SIGINT') => void) => {
      first('SIGINT');
      return () => {};
    };
    const { code, stdout } = await stack.cliWith({ onStopSignal }, 'guard', '--service', 'web', ...files);
    expect({ code, stdout }).toEqual({
      code: 130,
      stdout: expect.stringMatching(/^\nstopped {2}by SIGINT: no run was opened\ntraffic {2}not changed\n/),
    });
    for (const args of [
      ['guard', '--service', 'web', ...files],
      ['apply', slowConfig, '--records', recordsFile],
    ]) {
      const json = await stack.cliWith({ onStopSignal }, ...args, '--json');
      expect(ErrorDocument.parse(JSON.parse(json.stdout)).error).toMatchObject({
        code: 'interrupted',
        message: expect.stringMatching(/^stopped {2}by SIGINT: no run was opened\n/),
        exitCode: 130,
      });
    }
  });
});

/** Written by the suite's command once it runs. */
async function pidOf(stack: Stack): Promise<number> {
  for (;;) {
    const text = await stack.read('pid').catch(() => '');
    if (text.endsWith('\n')) return Number(text);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
