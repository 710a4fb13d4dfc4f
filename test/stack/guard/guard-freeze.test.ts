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
    const lifted =
      /^web is no longer frozen \(reason was: still failing after the rollback: .+\)\nundo .+\n$/;
    expect(await lift()).toEqual({ code: 0, stdout: expect.stringMatching(lifted), stderr: '' });
    expect(await lift()).toEqual({ code: 0, stdout: 'web was not frozen\n', stderr: '' });

    expect(await stack.guardService()).toMatchObject({ code: 1, run: { outcome: { code: 'restored' } } });
    expect(await stack.serving()).toEqual({ [stable]: 100 });
  });
});

describe('a guard whose service is held', () => {
  it.each([
    [
      ['freeze', 'web'],
      /nothing is written, web is frozen by ann since \S+: sale; ends with deploy-loop unfreeze web --records records\.db$/m,
    ],
    [
      ['freeze', '--all'],
      /the kill switch is on by ann since \S+: sale; ends with deploy-loop unfreeze --all --records records\.db$/m,
    ],
  ])('by %j says so at its begin, and at its end what ends it', async (command, line) => {
    await using stack = await Stack.start();
    await deployAfterGood(stack, webContainer({ HEALTH: '503' }));
    await stack.writeMessage();
    await stack.cli(...command, '--why', 'sale', '--as', 'ann', '--records', recordsFile);
    const { code, stdout } = await stack.cli(
      ...['guard', '--message', 'message.json', '--config', 'deploy-loop.yaml', '--records', recordsFile],
    );
    expect(code).toBe(3);
    expect(stdout).toMatch(line);
    const [, lift = '', rerun = ''] =
      /^next +deploy-loop (unfreeze .+), then deploy-loop (rerun .+)$/m.exec(stdout) ?? [];
    expect(await stack.cli(...lift.split(' '), '--as', 'ann')).toMatchObject({ code: 0 });
    const again = await stack.cli(...rerun.replace('TEXT', 'lifted').split(' '), '--as', 'ann');
    expect(again).toMatchObject({ code: 1, stdout: expect.stringContaining('traffic is back on') });
  });

  it('and that has no good revision says that there is nothing to go back to', async () => {
    await using stack = await Stack.start();
    await stack.deploy(webContainer({ HEALTH: '503' }));
    const { stdout } = await stack.cli('guard', '--service', 'web', '--config', 'deploy-loop.yaml');
    expect(stdout).toContain(
      'no revision is recorded as good yet, so there is no rollback target: deploy-loop apply FILE records',
    );
    expect(stdout).toMatch(
      /^next +deploy a fix, or give a good revision its traffic; deploy-loop apply FILE then records it /m,
    );
  });
});
