import { describe, expect, it } from '@jest/globals';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import type { TrafficSplit } from '../../../shared/domain/service-state.ts';
import type { ConfigChanges } from '../config-text.ts';
import { deployAfterGood } from '../deploy-after-good.ts';
import { runTagsOf } from '../own-tags.ts';
import { healthy, Puppet, unavailable } from '../puppet.ts';
import { recordsFile, Stack } from '../stack.ts';

const gate: ConfigChanges = { mode: 'gate', watch: { for: '300ms', minimum: '300ms', interval: '50ms' } };
const noTraffic = { noTraffic: true };

describe('a deploy without traffic, in mode gate,', () => {
  it('is tried at a URL of its own, gets all traffic, is watched and recorded as good', async () => {
    await using stack = await Stack.start(gate);
    const seen: TrafficSplit[] = [];
    await using puppet = await Puppet.start(async () => {
      seen.push(await stack.serving());
      return healthy;
    });
    const { stable, candidate } = await deployAfterGood(stack, puppet.container, noTraffic);
    expect(await stack.serving()).toEqual({ [stable]: 100 });

    const { code, run, reports } = await stack.guardBuild();

    expect({ code, run }).toMatchObject({ code: 0, run: { verdict: 'pass', action: 'promote' } });
    expect(await stack.serving()).toEqual({ [candidate]: 100 });
    expect(seen.slice(0, 2)).toEqual([{ [stable]: 100 }, { [stable]: 100 }]);
    expect(seen.at(-1)).toEqual({ [candidate]: 100 });
    expect(reports[0]?.decisions.map(({ stage, verdict }) => [stage, verdict])).toEqual([
      ['health', 'pass'],
      ['watch', 'pass'],
    ]);
    // A tag, the traffic, the marks of a good revision, the tag again: one write each.
    expect(reports[0]?.trafficChanges.map(({ outcome }) => outcome)).toEqual(Array(4).fill('accepted'));
    const asked = stack.cloud.logging.list(
      [stack.ref.project],
      (record) => record.resource.labels.revision_name === candidate && record.httpRequest !== undefined,
    );
    expect(asked[0]?.httpRequest?.requestUrl).toMatch(/\/\/deploy-loop-[0-9a-f]{6}---web\./);
    const { stdout } = await stack.cli('services', '--records', recordsFile, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ services: [{ lastGood: [{ revision: candidate }, {}] }] });
    expect(runTagsOf(await stack.state())).toEqual([]);
    expect(await stack.serving()).toEqual({ [candidate]: 100 });
  });

  it('gets nothing when it is bad, and its tag goes with the run', async () => {
    await using stack = await Stack.start(gate);
    const broken = webContainer({ HEALTH: '503' });
    const { stable } = await deployAfterGood(stack, broken, noTraffic);
    const { code, run, reports } = await stack.guardBuild();
    expect({ code, run }).toMatchObject({ code: 1, run: { verdict: 'fail', action: 'none' } });
    expect(run?.reasons.map((reason) => reason.code)).toContain('no-traffic');
    expect(await stack.serving()).toEqual({ [stable]: 100 });
    expect(reports[0]?.trafficChanges).toHaveLength(2);
    expect(runTagsOf(await stack.state())).toEqual([]);
    expect(await stack.serving()).toEqual({ [stable]: 100 });
  });

  it('is taken back when it fails once users are on it', async () => {
    await using stack = await Stack.start(gate);
    await using puppet = await Puppet.start((n) => (n <= 3 ? healthy : unavailable));
    const { stable } = await deployAfterGood(stack, puppet.container, noTraffic);
    const { code, run } = await stack.guardBuild();
    expect({ code, run }).toMatchObject({ code: 1, run: { verdict: 'fail', outcome: { code: 'restored' } } });
    expect(await stack.serving()).toEqual({ [stable]: 100 });
  });
});
