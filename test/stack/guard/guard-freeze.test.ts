import { describe, expect, it } from '@jest/globals';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import { deployAfterGood } from '../deploy-after-good.ts';
import { healthy, Puppet, unavailable } from '../puppet.ts';
import { recordsFile, Stack } from '../stack.ts';
import { updateTraffic } from '../update-traffic.ts';

describe('a rollback after which the service still fails', () => {
  it('is not followed by another write until a human lifts the freeze', async () => {
    await using stack = await Stack.start({ rollback: { cooldown: '0s' } });
    const old = { revision: '', failsWithTraffic: false };
    await using puppet = await Puppet.start(async () => {
      const overloaded = old.failsWithTraffic && (await stack.serving())[old.revision] === 100;
      return overloaded ? unavailable : healthy;
    });
    const broken = webContainer({ HEALTH: '503' });
    const { stable, candidate } = await deployAfterGood(stack, broken, {}, puppet.container);
    Object.assign(old, { revision: stable, failsWithTraffic: true });
    const before = await stack.writes();

    expect(await stack.guardBuild()).toMatchObject({
      code: 1,
      run: { verdict: 'fail', target: stable, outcome: { code: 'unrestored' } },
    });
    expect((await stack.writes()) - before).toBe(1n);

    await updateTraffic(stack, '--to-latest');
    old.failsWithTraffic = false;
    const frozen = await stack.state();
    expect(await stack.guardService()).toMatchObject({
      code: 3,
      run: { verdict: 'inconclusive', action: 'none', reasons: [{ code: 'frozen' }] },
    });
    expect(await stack.state()).toEqual(frozen);
    expect(await stack.serving()).toEqual({ [candidate]: 100 });

    const lift = () => stack.cli('unfreeze', 'web', '--as', 'ann', '--records', recordsFile);
    const lifted = /^web is no longer frozen \(reason was: still failing after the rollback: .+\)\n$/;
    expect(await lift()).toEqual({ code: 0, stdout: expect.stringMatching(lifted), stderr: '' });
    expect(await lift()).toEqual({ code: 0, stdout: 'web was not frozen\n', stderr: '' });

    expect(await stack.guardService()).toMatchObject({ code: 1, run: { outcome: { code: 'restored' } } });
    expect(await stack.serving()).toEqual({ [stable]: 100 });
  });
});
