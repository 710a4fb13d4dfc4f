import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import type { TrafficTarget } from '../../../shared/domain/service-state.ts';
import { deployAfterGood } from '../deploy-after-good.ts';
import { editTraffic } from '../edit-traffic.ts';
import { runTagsOf } from '../own-tags.ts';
import { recordsFile, Stack } from '../stack.ts';
import { sweepRecords } from '../sweep-records.ts';

const Services = z.object({ services: z.array(z.object({ pin: z.unknown().optional() })) });
const broken = webContainer({ HEALTH: '503' });

/** A bad deploy was rolled back: traffic is fixed on the stable revision. */
async function rolledBack() {
  const stack = await Stack.start({ watch: { for: '300ms', minimum: '300ms', interval: '50ms' } });
  const { stable, candidate: bad } = await deployAfterGood(stack, broken);
  expect(await stack.guardBuild()).toMatchObject({ code: 1, run: { outcome: { code: 'restored' } } });
  expect(await specOf(stack)).toEqual([[stable, 100]]);
  return { stack, stable, bad };
}

/** What the traffic spec says, without tags. */
async function specOf(stack: Stack): Promise<readonly (readonly [string, number])[]> {
  const { traffic } = await stack.state();
  return traffic.flatMap(({ revision, percent }) => (percent > 0 ? [[revision ?? 'LATEST', percent]] : []));
}

async function pinOf(stack: Stack): Promise<unknown> {
  const { stdout } = await stack.cli('services', '--records', recordsFile, '--json');
  return Services.parse(JSON.parse(stdout)).services[0]?.pin;
}

async function fix(stack: Stack): Promise<string> {
  const { deployments } = await stack.build(webContainer({ VERSION: 'fix' }));
  return deployments[0]?.revision ?? '';
}

describe('traffic that a rollback has fixed', () => {
  it('goes to the fix once that is verified at a URL of its own, and follows deploys again', async () => {
    const { stack, stable, bad } = await rolledBack();
    await using _ = stack;
    expect(await pinOf(stack)).toMatchObject({ owner: 'guard', target: stable, bad });
    const fixed = await fix(stack);
    expect(await stack.serving()).toEqual({ [stable]: 100 });

    expect(await stack.guardBuild()).toMatchObject({
      code: 0,
      run: { verdict: 'pass', candidate: { revision: fixed } },
    });

    expect(await specOf(stack)).toEqual([['LATEST', 100]]);
    expect(await stack.serving()).toEqual({ [fixed]: 100 });
    expect(await pinOf(stack)).toBeNull();
    await sweepRecords(stack);
    expect(runTagsOf(await stack.state())).toEqual([]);
    const { deployments } = await stack.build(webContainer());
    expect(await stack.serving()).toEqual({ [deployments[0]?.revision ?? '']: 100 });
  });

  it('stays where it is when the next deploy is bad too', async () => {
    const { stack, stable } = await rolledBack();
    await using _ = stack;
    await stack.build(broken);
    expect(await stack.guardBuild()).toMatchObject({ code: 1, run: { verdict: 'fail', action: 'none' } });
    expect(await specOf(stack)).toEqual([[stable, 100]]);
    expect(await pinOf(stack)).toMatchObject({ owner: 'guard', target: stable });
  });

  type Revisions = { readonly stable: RevisionName; readonly bad: RevisionName };
  it.each<[string, (revisions: Revisions) => readonly TrafficTarget[]]>([
    [
      'a split',
      ({ stable, bad }) => [
        { revision: stable, percent: 60 },
        { revision: bad, percent: 40 },
      ],
    ],
    ['the bad revision', ({ bad }) => [{ revision: bad, percent: 100 }]],
  ])("is a person's again once they have set %s with Google's client", async (_what, wanted) => {
    const { stack, stable, bad } = await rolledBack();
    await using _ = stack;
    const traffic = wanted({ stable, bad });
    await editTraffic(stack, traffic);
    const own = traffic.map(({ revision, percent }) => [revision, percent]);
    await fix(stack);

    const { code, run } = await stack.guardBuild();

    expect({ code, run }).toMatchObject({
      code: 3,
      run: { verdict: 'pass', reasons: [{ code: 'healthy-without-traffic' }] },
    });
    expect(await specOf(stack)).toEqual(own);
    await sweepRecords(stack);
    expect(await pinOf(stack)).toBeNull();
    expect(await specOf(stack)).toEqual(own);
  });
});
