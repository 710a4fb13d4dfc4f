import { describe, expect, it } from '@jest/globals';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import { deployAfterGood } from '../deploy-after-good.ts';
import { Puppet, unavailable } from '../puppet.ts';
import { Stack } from '../stack.ts';

const good = webContainer();

describe('while a bad deploy is judged,', () => {
  it('a human who changes traffic ends the claim of the guard on it', async () => {
    await using stack = await Stack.start();
    const split = () => [
      { revision: stable, percent: 50, tag: 'old' },
      { revision: candidate, percent: 50, tag: 'new' },
    ];
    await using puppet = await Puppet.start(async (n) => {
      if (n === 2) await stack.cloud.faults.editTraffic(stack.ref, split());
      return unavailable;
    });
    const { stable, candidate } = await deployAfterGood(stack, puppet.container);
    const before = await stack.writes();

    const { code, run } = await stack.guardBuild();

    expect({ code, run }).toMatchObject({
      code: 1,
      run: { verdict: 'fail', outcome: { code: 'traffic-changed' } },
    });
    expect(await stack.serving()).toEqual({ [stable]: 50, [candidate]: 50 });
    expect((await stack.writes()) - before).toBe(1n);
  });

  it('a newer ready deploy keeps its traffic', async () => {
    await using stack = await Stack.start();
    const newer: string[] = [];
    await using puppet = await Puppet.start(async (n) => {
      if (n === 2) newer.push((await stack.deploy(good)).revision);
      return unavailable;
    });
    await deployAfterGood(stack, puppet.container);

    const { code, run } = await stack.guardBuild();

    expect({ code, run }).toMatchObject({
      code: 1,
      run: { verdict: 'fail', outcome: { code: 'newer-revision' } },
    });
    expect(await stack.serving()).toEqual({ [newer[0] ?? '']: 100 });
  });

  it('a newer deploy that never becomes ready does not keep the bad one in place', async () => {
    await using stack = await Stack.start();
    await using puppet = await Puppet.start(async (n) => {
      const never = webContainer({ HEALTH: 'exit' });
      if (n === 2) await stack.deploy(never);
      return unavailable;
    });
    const { stable } = await deployAfterGood(stack, puppet.container);
    expect(await stack.guardBuild()).toMatchObject({ code: 1, run: { outcome: { code: 'restored' } } });
    expect(await stack.serving()).toEqual({ [stable]: 100 });
  });

  it('a stable revision that is deleted gets no traffic', async () => {
    await using stack = await Stack.start();
    await using puppet = await Puppet.start(async (n) => {
      if (n === 2) await stack.cloud.faults.deleteRevision(stack.ref, stable);
      return unavailable;
    });
    const { stable, candidate } = await deployAfterGood(stack, puppet.container);
    expect(await stack.guardBuild()).toMatchObject({
      code: 3,
      run: { verdict: 'inconclusive', action: 'none' },
    });
    expect(await stack.serving()).toEqual({ [candidate]: 100 });
  });
});
