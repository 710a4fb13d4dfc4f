import { describe, expect, it } from '@jest/globals';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import { ValidatedDocument } from '../../../shared/contracts/output/run-output.ts';
import { esLint } from '../../contracts/audits/sarif-logs.ts';
import { deployAfterGood } from '../deploy-after-good.ts';
import { recordsFile, Stack } from '../stack.ts';

const records = ['--config', 'deploy-loop.yaml', '--records', recordsFile];

/** What the guard says of the service's newest revision, and its exit code. */
async function guarded(stack: Stack, ...options: readonly string[]) {
  const { code, stdout } = await stack.cli('guard', '--service', 'web', ...records, '--json', ...options);
  const { runs } = ValidatedDocument.parse(JSON.parse(stdout));
  return { code, run: runs[0] };
}

describe('guard with audits', () => {
  it('ends with 4 if one that is a gate fails, and leaves users their good revision', async () => {
    await using stack = await Stack.start({ audits: { drift: { gate: true } } });
    const { candidate } = await deployAfterGood(stack, webContainer());

    const { code, run } = await guarded(stack);

    expect({ code, run }).toMatchObject({
      code: 4,
      run: {
        verdict: 'pass',
        audits: { gates: 'fail', results: [{ name: 'drift', status: 'fail', gate: true }] },
      },
    });
    expect(run?.audits?.results[0]?.rows).toContainEqual(
      expect.objectContaining({ what: 'traffic', state: 'good' }),
    );
    expect(await stack.serving()).toEqual({ [candidate]: 100 });
  });

  it('validates a deploy whose findings cannot be read, and says so in the end', async () => {
    await using stack = await Stack.start();
    await stack.write('bad.sarif', '{"version": "2.0.0"}');
    const { candidate } = await deployAfterGood(stack, webContainer());

    const { code, stdout, stderr } = await stack.cli(
      ...['guard', '--service', 'web', ...records, '--sarif', 'bad.sarif', '--json'],
    );

    expect(code).toBe(2);
    expect(stderr).toContain('warning: bad.sarif: version: ');
    expect(JSON.parse(stdout)).toMatchObject({
      exitCode: 2,
      error: { code: 'bad-input' },
      runs: [{ verdict: 'pass', audits: { results: [{ name: 'compliance', status: 'unknown' }] } }],
    });
    expect(await stack.serving()).toEqual({ [candidate]: 100 });
  });

  it('compares the findings that it is given with those of the last good revision', async () => {
    await using stack = await Stack.start();
    await stack.write('before.sarif', JSON.stringify(esLint(1)));
    await stack.write('after.sarif', JSON.stringify(esLint(2)));
    await deployAfterGood(stack, webContainer());

    const first = await guarded(stack, '--sarif', 'before.sarif');
    await stack.deploy(webContainer());
    const second = await guarded(stack, '--sarif', 'after.sarif');

    expect(first).toMatchObject({
      code: 0,
      run: { audits: { results: [{ status: 'unknown', score: 0.75 }] } },
    });
    expect(second).toMatchObject({
      code: 0,
      run: {
        audits: {
          gates: 'pass',
          results: [{ name: 'compliance', status: 'fail', baseline: first.run?.revision }],
        },
      },
    });
  });
});
