import { status } from '@grpc/grpc-js';
import { describe, expect, it, test } from '@jest/globals';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import type { FaultRequest } from '../../../infra/local/faults.ts';
import { deployAfterGood } from '../deploy-after-good.ts';
import { healthy, Puppet, unavailable } from '../puppet.ts';
import { Stack } from '../stack.ts';

const broken = webContainer({ HEALTH: '503' });
const away: FaultRequest = { code: status.UNAVAILABLE, message: 'The service is currently unavailable.' };

describe('a rollback whose UpdateService', () => {
  test.each<[string, FaultRequest, string[]]>([
    ['answer is lost after it took effect', { loseAnswer: true }, ['accepted']],
    ['request never arrives', { dropRequest: true }, ['unknown', 'accepted']],
    [
      'deadline passes',
      { code: status.DEADLINE_EXCEEDED, message: 'Deadline exceeded' },
      ['unknown', 'accepted'],
    ],
    ['etag is stale', { staleEtag: true }, ['rejected', 'accepted']],
    [
      'etag is stale three times',
      { staleEtag: true, times: 3 },
      ['rejected', 'rejected', 'rejected', 'accepted'],
    ],
    [
      'quota is used up',
      { code: status.RESOURCE_EXHAUSTED, message: 'Quota exceeded' },
      ['rejected', 'accepted'],
    ],
  ])('%s is made once', async (_what, fault, answers) => {
    await using stack = await Stack.start();
    const { stable } = await deployAfterGood(stack, broken);
    const before = await stack.writes();
    stack.cloud.faults.next('UpdateService', fault);

    const { code, run, reports } = await stack.guardBuild();

    expect({ code, run }).toMatchObject({ code: 1, run: { outcome: { code: 'restored' } } });
    expect(await stack.serving()).toEqual({ [stable]: 100 });
    expect((await stack.writes()) - before).toBe(1n);
    expect(reports[0]?.trafficChanges.map((change) => change.outcome)).toEqual(answers);
  });

  it('is not permitted is not made, and says so', async () => {
    await using stack = await Stack.start();
    const { candidate } = await deployAfterGood(stack, broken);
    const before = await stack.state();
    const message = "Permission 'run.services.update' denied";
    stack.cloud.faults.next('UpdateService', { code: status.PERMISSION_DENIED, message });

    const { code, run } = await stack.guardBuild();

    expect({ code, run }).toMatchObject({ code: 1, run: { outcome: { code: 'refused' } } });
    expect(run?.outcome?.text).toContain(message);
    expect(await stack.state()).toEqual(before);
    expect(await stack.serving()).toEqual({ [candidate]: 100 });
  });
});

describe('a rollback while Cloud Run', () => {
  it('is away for a while in the middle of it is made all the same', async () => {
    await using stack = await Stack.start();
    await using puppet = await Puppet.start((n) => {
      if (n === 1) stack.cloud.faults.next('GetService', { ...away, times: 3 });
      return unavailable;
    });
    const { stable } = await deployAfterGood(stack, puppet.container);
    expect(await stack.guardBuild()).toMatchObject({ code: 1, run: { outcome: { code: 'restored' } } });
    expect(await stack.serving()).toEqual({ [stable]: 100 });
  });

  it('is away from the start is not begun: 3, and why', async () => {
    await using stack = await Stack.start();
    await deployAfterGood(stack, broken);
    const before = await stack.state();
    stack.cloud.faults.next('GetBuild', { ...away, times: 2 });
    const { code, reports, stderr } = await stack.guardBuild();
    expect({ code, reports }).toEqual({ code: 3, reports: [] });
    expect(stderr).toMatch(/^deploy-loop: GetBuild .+: UNAVAILABLE: .+\n$/);
    expect(await stack.state()).toEqual(before);
  });

  it('moves the etag by itself writes once', async () => {
    await using stack = await Stack.start();
    // Also between the reading of the service and the write, when the revision is asked once more.
    await using puppet = await Puppet.start((n) => {
      if (n <= 6) stack.cloud.faults.bumpEtag(stack.ref);
      return unavailable;
    });
    const { stable } = await deployAfterGood(stack, puppet.container);
    const before = await stack.writes();
    expect(await stack.guardBuild()).toMatchObject({ code: 1, run: { outcome: { code: 'restored' } } });
    expect(await stack.serving()).toEqual({ [stable]: 100 });
    expect((await stack.writes()) - before).toBe(1n);
  });
});

describe('marking a revision as good', () => {
  it('is made once when the answer to its write is lost', async () => {
    await using stack = await Stack.start();
    await using puppet = await Puppet.start(() => healthy);
    const { candidate } = await deployAfterGood(stack, puppet.container);
    const before = await stack.writes();
    stack.cloud.faults.next('UpdateService', { loseAnswer: true });
    expect(await stack.guardBuild()).toMatchObject({ code: 0, run: { verdict: 'pass' } });
    expect((await stack.state()).annotations['deploy-loop-last-good']).toMatch(`${candidate} `);
    expect((await stack.writes()) - before).toBe(1n);
  });
});
