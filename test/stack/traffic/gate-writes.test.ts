import { status } from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import { deployAfterGood } from '../deploy-after-good.ts';
import { editTraffic } from '../edit-traffic.ts';
import { healthy, Puppet } from '../puppet.ts';
import { recordsFile, Stack } from '../stack.ts';

const gate = { mode: 'gate', watch: { for: '300ms', minimum: '300ms', interval: '50ms' } };
const noTraffic = { noTraffic: true };

describe("the gate's write of traffic", () => {
  it('drops the tag of a revision that was deleted meanwhile: Cloud Run would refuse the write', async () => {
    await using stack = await Stack.start(gate);
    const { revision: old } = await stack.deploy(webContainer());
    await using puppet = await Puppet.start(async (n) => {
      if (n === 1) await stack.cloud.faults.deleteRevision(stack.ref, old);
      return healthy;
    });
    const { stable } = await deployAfterGood(stack, webContainer());
    await editTraffic(stack, [
      { revision: stable, percent: 100 },
      { revision: old, percent: 0, tag: 'old' },
    ]);
    const { deployments } = await stack.build(puppet.container);
    const candidate = deployments[0]?.revision ?? '';
    expect(await stack.guardBuild()).toMatchObject({ code: 0, run: { verdict: 'pass' } });
    expect(await stack.serving()).toEqual({ [candidate]: 100 });
    expect((await stack.state()).traffic.map(({ tag }) => tag)).not.toContain('old');
  });

  it('that Cloud Run refuses for good is not made again, and is told', async () => {
    await using stack = await Stack.start(gate);
    const { stable, candidate } = await deployAfterGood(stack, webContainer(), noTraffic);
    const message = `Revision named '${candidate}' with different configuration already exists.`;
    // The first write is the tag.
    stack.cloud.faults.next('UpdateService', { latencyMs: 0 });
    stack.cloud.faults.next('UpdateService', { code: status.ALREADY_EXISTS, message });
    await stack.writeMessage();
    const files = ['--config', 'deploy-loop.yaml', '--records', recordsFile];
    const { code, stdout } = await stack.cli('guard', '--message', 'message.json', ...files);
    expect(code).toBe(3);
    expect(stdout).toMatch(new RegExp(`^\\? promote  .*UpdateService .+ALREADY_EXISTS: ${message}`, 'm'));
    expect(stdout).toMatch(/^verdict +inconclusive /m);
    expect(await stack.serving()).toEqual({ [stable]: 100 });
    const again = await stack.guardMessage();
    expect(again.reports[0]?.run.outcome).toMatchObject({ code: 'refused' });
    expect(again.reports[0]?.trafficChanges.map(({ outcome }) => outcome)).toEqual([
      'accepted',
      'rejected',
      'accepted',
    ]);
  });
});
