import { describe, expect, it } from '@jest/globals';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import { deployAfterGood } from '../deploy-after-good.ts';
import { Stack } from '../stack.ts';

const good = webContainer();
const broken = webContainer({ HEALTH: '503' });

/** Two deploys that nobody has verified. */
async function unverified(stack: Stack): Promise<{ first: RevisionName; second: RevisionName }> {
  const { revision: first } = await stack.deploy(good);
  const { revision: second } = await stack.deploy(broken);
  return { first, second };
}

describe('the target of a rollback', () => {
  it('is the revision that --stable names, when nothing is recorded', async () => {
    await using stack = await Stack.start();
    const { first } = await unverified(stack);
    const { code, run } = await stack.guardService('--stable', first);
    expect({ code, run }).toMatchObject({ code: 1, run: { target: first, outcome: { code: 'restored' } } });
    expect(await stack.serving()).toEqual({ [first]: 100 });
  });

  it('is the revision that the annotation names, for a guard without a database', async () => {
    await using stack = await Stack.start();
    const { stable } = await deployAfterGood(stack, broken);
    const { code } = await stack.cli(
      ...['guard', '--service', 'web', '--config', 'deploy-loop.yaml'],
      ...['--project', stack.ref.project, '--region', stack.ref.region],
    );
    expect(code).toBe(1);
    expect(await stack.serving()).toEqual({ [stable]: 100 });
  });

  it('is what was verified: --stable is refused where the records know better', async () => {
    await using stack = await Stack.start();
    const { stable, candidate } = await deployAfterGood(stack, broken);
    const before = await stack.state();
    const refused = await stack.guardBuild('--stable', candidate);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(`(${stable}): omit --stable`);
    expect(await stack.state()).toEqual(before);
  });

  it('is nothing when no revision is known to be good: fail, an alert and no write', async () => {
    await using stack = await Stack.start();
    const { second } = await unverified(stack);
    const before = await stack.state();

    const { code, run, reports } = await stack.guardService();

    expect({ code, run }).toMatchObject({
      code: 1,
      run: {
        candidate: { revision: second },
        action: 'none',
        reasons: [{ code: 'server-error' }, { code: 'not-compared' }],
      },
    });
    expect(reports[0]?.decisions).toMatchObject([{ stage: 'health', alert: true }]);
    expect(await stack.state()).toEqual(before);
  });

  it('is not a revision that the policy forbids to roll back to: notify writes nothing', async () => {
    await using stack = await Stack.start({ rollback: { policy: 'notify' } });
    await deployAfterGood(stack, broken);
    const before = await stack.state();
    const { code, run } = await stack.guardBuild();
    expect({ code, run }).toMatchObject({
      code: 1,
      run: { action: 'none', reasons: [{}, {}, { code: 'policy-notify' }] },
    });
    expect(await stack.state()).toEqual(before);
  });
});

describe('guard --revision', () => {
  it('validates the named revision, not the newest', async () => {
    await using stack = await Stack.start();
    const { first } = await unverified(stack);
    await stack.cloud.faults.editTraffic(stack.ref, [{ revision: first, percent: 100 }]);
    const { code, run } = await stack.guardService('--revision', first);
    expect({ code, run }).toMatchObject({
      code: 0,
      run: { candidate: { revision: first }, verdict: 'pass' },
    });
  });

  it('reaches a revision without traffic by a tag of its own, and does not record it as good', async () => {
    await using stack = await Stack.start();
    await stack.deploy(good);
    await stack.apply();
    const { revision } = await stack.deploy(good, { noTraffic: true });
    const { code, run } = await stack.guardService('--revision', revision);
    expect({ code, run }).toMatchObject({
      code: 3,
      run: { verdict: 'pass', action: 'none', reasons: [{ code: 'healthy-without-traffic' }] },
    });
    expect((await stack.state()).annotations['deploy-loop-last-good']).not.toMatch(revision);
  });
});

describe("the user's tags", () => {
  it('are kept by a rollback, where they were', async () => {
    await using stack = await Stack.start();
    const { stable, candidate } = await deployAfterGood(stack, broken);
    const { traffic } = await stack.state();
    const own = [
      { revision: candidate, percent: 0, tag: 'preview' },
      { revision: stable, percent: 0, tag: 'previous' },
    ];
    await stack.cloud.faults.editTraffic(stack.ref, [...traffic, ...own]);

    expect(await stack.guardBuild()).toMatchObject({ code: 1 });

    const after = await stack.state();
    expect(after.traffic).toEqual(expect.arrayContaining(own));
    expect(after.serving.find((target) => target.tag === 'preview')?.revision).toBe(candidate);
  });
});
