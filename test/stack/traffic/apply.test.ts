import { status } from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import { AppliedDocument } from '../../../shared/contracts/output/command-output.ts';
import { recordsFile, Stack } from '../stack.ts';

const apply = ['apply', 'deploy-loop.yaml', '--records', recordsFile];

describe('apply', () => {
  it('tells which revisions serve and which are good, in a table and as JSON', async () => {
    await using stack = await Stack.start();
    const { revision } = await stack.deploy(webContainer());
    const { code, stdout, stderr } = await stack.cli(...apply);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      new RegExp(`^SERVICE  SERVES +LAST GOOD\nweb      ${revision}  ${revision}\n$`, 'm'),
    );
    const again = await stack.cli(...apply, '--json');
    expect(AppliedDocument.parse(JSON.parse(again.stdout))).toMatchObject({
      services: [{ name: 'web', serving: revision }],
      runs: [],
    });
    expect(again.code).toBe(0);
  });

  it('ends with 1 when a revision that serves is bad, and says that nothing can be rolled back to', async () => {
    await using stack = await Stack.start();
    await stack.deploy(webContainer({ HEALTH: '503' }));
    const before = await stack.state();
    const { code, stdout } = await stack.cli(...apply);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^web +web-\S+ +none: no rollback target yet$/m);
    expect(await stack.state()).toEqual(before);
  });

  it('sees the other service through when one must not be read, and ends with 3', async () => {
    await using stack = await Stack.start({ services: ['api', 'web'] });
    await stack.deploy(webContainer(), { service: 'api' });
    await stack.deploy(webContainer(), { service: 'web' });
    stack.cloud.faults.next('GetService', { code: status.PERMISSION_DENIED, message: 'denied' });
    const { code, stderr } = await stack.cli(...apply);
    const denied = /^deploy-loop: GetService .+\/services\/(\w+): PERMISSION_DENIED: denied: give .+\n$/.exec(
      stderr,
    )?.[1];
    const other = denied === 'api' ? 'web' : 'api';
    expect({ code, denied }).toEqual({ code: 3, denied: expect.stringMatching(/^(api|web)$/) });
    const { stdout } = await stack.cli('services', '--records', recordsFile, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ services: [{ name: other, lastGood: [{}] }] });
  });
});
