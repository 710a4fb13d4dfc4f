import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import { type ConfigChanges, configText } from '../config-text.ts';
import { deployAfterGood } from '../deploy-after-good.ts';
import { Stack } from '../stack.ts';

/** A runner of tests: each asks the service for a page, and all are told of in JUnit XML. */
const runner = `import { appendFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
const [results, ...ids] = process.argv.slice(2);
const { DEPLOY_LOOP_URL, DEPLOY_LOOP_REVISION } = process.env;
const { host, port } = new URL(DEPLOY_LOOP_URL);
// By the address: not every machine knows names below localhost.
const statusOf = (path) => new Promise((resolve, reject) =>
  get({ host: '127.0.0.1', port, path, headers: { host } }, (answer) => {
    answer.resume().on('end', () => resolve(answer.statusCode));
  }).on('error', reject));
const cases = await Promise.all(ids.map(async (id) => {
  const status = await statusOf('/wait/2?page=' + id.replace('page-', ''));
  const inner = status === 200 ? '' : '<failure message="HTTP ' + status + '"/>';
  return '<testcase name="' + id + '" time="0.02">' + inner + '</testcase>';
}));
appendFileSync('starts.txt', DEPLOY_LOOP_REVISION + ' ' + ids.length + '\\n');
writeFileSync(results, '<testsuite>' + cases.join('') + '</testsuite>');
process.exitCode = cases.some((one) => one.includes('failure')) ? 1 : 0;
`;

const ids = Array.from({ length: 6 }, (_, n) => `page-${n}`);
const suite = {
  name: 'pages',
  kind: 'command',
  priority: 'P1',
  list: `printf '%s\\n' ${ids.join(' ')}`,
  run: `${process.execPath} run.mjs {results} {tests}`,
  startup: '50ms',
};

async function aStack(config: ConfigChanges = {}): Promise<Stack> {
  const stack = await Stack.start(config, { PATH: process.env.PATH ?? '' });
  await stack.write('run.mjs', runner);
  return stack;
}

const Tests = z.object({
  tests: z.array(
    z.object({ id: z.string(), runs: z.number(), failureRate: z.number(), medianMs: z.number().optional() }),
  ),
});

describe('guard with a suite of a command', () => {
  it('runs it against the new revision, and knows next time how long its tests take', async () => {
    await using stack = await aStack({ suites: [suite], tests: { workers: 2 } });
    const { candidate } = await deployAfterGood(stack, webContainer({ VERSION: '2' }));

    const { code } = await stack.guardBuild();
    const { stdout } = await stack.cli('tests', 'web', '--records', 'records.db', '--json');

    expect(code).toBe(0);
    expect(await stack.serving()).toEqual({ [candidate]: 100 });
    const { tests } = Tests.parse(JSON.parse(stdout));
    expect(tests.map(({ id }) => id).sort()).toEqual(ids.toSorted());
    expect(new Set(tests.map(({ medianMs, failureRate }) => `${medianMs} ${failureRate}`))).toEqual(
      new Set(['20 0']),
    );
  });

  it('puts traffic back on a regression, with one start more for each question', async () => {
    await using stack = await aStack({ suites: [suite], tests: { workers: 1 } });
    const { stable, candidate } = await deployAfterGood(stack, webContainer({ BROKEN: 'page=4' }));

    const { code, run } = await stack.guardBuild();

    expect({ code, run }).toMatchObject({
      code: 1,
      run: {
        verdict: 'fail',
        target: stable,
        reasons: [{ code: 'regression', text: expect.stringContaining('pages: page-4') }],
      },
    });
    expect(await stack.serving()).toEqual({ [stable]: 100 });
    const starts = (await readFile(join(stack.folder, 'starts.txt'), 'utf8')).trim().split('\n');
    // All, the failed one again, the failed one on stable, and once more: what came back in between blames nobody.
    const shard = starts.indexOf(`${candidate} 1`);
    expect(starts.slice(shard, shard + 3)).toEqual([`${candidate} 1`, `${stable} 1`, `${candidate} 1`]);
  });

  it('says no pass when the runner cannot be started', async () => {
    await using stack = await aStack();
    await deployAfterGood(stack, webContainer({ VERSION: '2' }));
    const broken = { ...suite, run: 'no-such-runner {tests} {results}' };
    await stack.write('deploy-loop.yaml', configText({ suites: [broken], tests: { workers: 2 } }));

    const { code, run } = await stack.guardBuild();

    expect({ code, run }).toMatchObject({
      code: 3,
      run: { verdict: 'inconclusive', action: 'none', reasons: [{ code: 'fix-test' }] },
    });
  });

  it('runs only what is in focus', async () => {
    await using stack = await aStack();
    const { candidate } = await deployAfterGood(stack, webContainer({ BROKEN: 'page=4' }));
    const checks = [{ name: 'home', path: '/' }];
    const golden = { name: 'golden', kind: 'http', tags: ['golden-path'], checks };
    await stack.write('deploy-loop.yaml', configText({ suites: [suite, golden] }));

    expect(await stack.guardBuild('--focus', 'golden-path')).toMatchObject({ code: 0 });
    expect(await stack.serving()).toEqual({ [candidate]: 100 });
    const { code, stderr } = await stack.cli(
      'guard',
      '--service',
      'web',
      '--config',
      'deploy-loop.yaml',
      '--focus',
      'tag:no',
    );
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        'deploy-loop: --focus tag:no: no suite of web matches (there are: pages: priority:P1; golden: priority:P3 golden-path)\n',
    });
  });
});
