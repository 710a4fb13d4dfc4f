import { describe, expect, it } from '@jest/globals';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import type { ConfigChanges } from '../config-text.ts';
import { deployAfterGood } from '../deploy-after-good.ts';
import { healthy, Puppet, unavailable } from '../puppet.ts';
import { Stack } from '../stack.ts';
import { UserTraffic } from '../user-traffic.ts';

const config: ConfigChanges = {
  health: { interval: '50ms' },
  watch: { for: '3s', minimum: '3s', interval: '100ms' },
  requestLog: { window: '1s', lag: '100ms', minimum: 10, windows: 2 },
};

describe('the watch of a deploy that took all traffic at once', () => {
  it('rolls back by what users get, compared with what they got before it', async () => {
    await using stack = await Stack.start(config);
    const { revision: stable } = await stack.deploy(webContainer());
    await stack.apply();
    await using users = new UserTraffic(stack.cloud);
    await users.answered(stable, 50);
    await stack.build(webContainer({ PAGES: '503' }));

    const { code, run, reports } = await stack.guardBuild();

    expect({ code, run }).toMatchObject({
      code: 1,
      run: {
        verdict: 'fail',
        outcome: { code: 'restored' },
        reasons: [{ code: 'request-errors' }, { code: 'stable-good' }],
      },
    });
    expect(reports[0]?.decisions.map(({ stage }) => stage)).toEqual(['health', 'watch', 'reverify']);
    expect(await stack.serving()).toEqual({ [stable]: 100 });
  });

  it('rolls back what turns bad after it was found healthy', async () => {
    await using stack = await Stack.start(config);
    await using puppet = await Puppet.start((n) => (n <= 10 ? healthy : unavailable));
    const { stable } = await deployAfterGood(stack, puppet.container);
    const { code, run, reports } = await stack.guardBuild();
    expect({ code, run }).toMatchObject({ code: 1, run: { verdict: 'fail', outcome: { code: 'restored' } } });
    expect(reports[0]?.decisions.map(({ stage, verdict }) => [stage, verdict])).toEqual([
      ['health', 'pass'],
      ['watch', 'fail'],
      ['reverify', 'pass'],
    ]);
    expect(await stack.serving()).toEqual({ [stable]: 100 });
  });
});
