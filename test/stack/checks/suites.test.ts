import { describe, expect, it } from '@jest/globals';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import { configText } from '../config-text.ts';
import { deployAfterGood } from '../deploy-after-good.ts';
import { Stack } from '../stack.ts';

/** Checks that take a few milliseconds each. */
const checks = (n: number, ms = 5) =>
  Array.from({ length: n }, (_, k) => ({
    name: `page ${k}`,
    path: `/wait/${ms}`,
    query: { page: String(k) },
    expect: { json: [{ path: '$.version', exists: true }] },
  }));

const suites = [{ name: 'pages', kind: 'http', priority: 'P1', checks: checks(60) }];

describe('guard with suites of HTTP checks', () => {
  it('runs them on the new revision, and records it as good', async () => {
    await using stack = await Stack.start({ suites, tests: { workers: 4 } });
    const { candidate } = await deployAfterGood(stack, webContainer({ VERSION: '2' }));

    const { code, reports } = await stack.guardBuild();

    expect({ code, report: reports[0] }).toMatchObject({ code: 0, report: { run: { verdict: 'pass' } } });
    expect(reports[0]?.decisions).toContainEqual(
      expect.objectContaining({ stage: 'tests', verdict: 'pass', alert: false }),
    );
    expect(await stack.serving()).toEqual({ [candidate]: 100 });
  });

  it('puts traffic back when one fails there and passes on the stable revision', async () => {
    await using stack = await Stack.start({ suites, tests: { workers: 4 } });
    const { stable } = await deployAfterGood(stack, webContainer({ BROKEN: 'page=7' }));

    const { code, run } = await stack.guardBuild();

    expect({ code, run }).toMatchObject({
      code: 1,
      run: {
        verdict: 'fail',
        action: 'rollback',
        target: stable,
        reasons: [{ code: 'regression', text: expect.stringContaining('pages: page 7') }],
        outcome: { code: 'restored', text: expect.stringMatching(/the checks that had failed: 1 passed$/) },
      },
    });
    expect(await stack.serving()).toEqual({ [stable]: 100 });
  });

  it('leaves traffic where it is when one fails on the stable revision too', async () => {
    await using stack = await Stack.start();
    const { candidate } = await deployAfterGood(
      stack,
      webContainer({ BROKEN: 'page=7' }),
      {},
      webContainer({ BROKEN: 'page=7' }),
    );
    await stack.write('deploy-loop.yaml', configText({ suites, tests: { workers: 4 } }));

    const { code, run } = await stack.guardBuild();

    expect({ code, run }).toMatchObject({
      code: 3,
      run: { verdict: 'inconclusive', action: 'none', reasons: [{ code: 'known-failures' }] },
    });
    expect(await stack.serving()).toEqual({ [candidate]: 100 });
  });

  it('shows what was found', async () => {
    await using stack = await Stack.start({ suites, tests: { workers: 4 } });
    await deployAfterGood(stack, webContainer({ BROKEN: 'page=7' }));
    await stack.writeMessage();
    const args = ['--message', 'message.json', '--config', 'deploy-loop.yaml', '--records', 'records.db'];

    const { stderr, stdout } = await stack.cli('guard', ...args);

    expect(stderr + stdout).toContain('60 checks in');
    expect(stderr + stdout).toContain(
      'pages: page 7 fails here and passes on the stable revision: GET /wait/5: HTTP 500, expected 2xx',
    );
  });
});
