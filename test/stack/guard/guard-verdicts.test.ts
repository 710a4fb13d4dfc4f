import { describe, expect, it, test } from '@jest/globals';
import { type WebBehaviour, webContainer } from '../../../infra/local/containers/web-container.ts';
import { deployAfterGood } from '../deploy-after-good.ts';
import { healthy, Puppet, unavailable } from '../puppet.ts';
import { Stack } from '../stack.ts';

/** Short, since some faults are settled only when it is over. */
const startupBudget = '1s';

describe('guard, told of a build', () => {
  test.each<[string, WebBehaviour, string]>([
    ['answers 503', { HEALTH: '503' }, 'server-error'],
    ['crashes at the first request', { HEALTH: 'crash-after-listen' }, 'server-error'],
    ['answers 200 with the wrong body', { HEALTH: 'degraded' }, 'wrong-body'],
    ['answers too late', { HEALTH: 'slow' }, 'timeout'],
    ['never answers', { HEALTH: 'hang' }, 'timeout'],
    ['answers well and badly in turn', { HEALTH: 'flap' }, 'flapping'],
  ])('puts traffic back when the revision %s, and ends with 1', async (_what, behaviour, code) => {
    await using stack = await Stack.start({ health: { startupBudget } });
    const { stable, candidate } = await deployAfterGood(stack, webContainer(behaviour));
    const before = await stack.writes();

    const { code: exit, run } = await stack.guardBuild();

    expect({ exit, run }).toMatchObject({
      exit: 1,
      run: {
        candidate: { revision: candidate },
        verdict: 'fail',
        action: 'rollback',
        target: stable,
        reasons: [{ code }, { code: 'stable-good' }],
        outcome: { code: 'restored' },
      },
    });
    expect(await stack.serving()).toEqual({ [stable]: 100 });
    expect((await stack.writes()) - before).toBe(1n);
  });

  it('records a healthy revision as good, and ends with 0', async () => {
    await using stack = await Stack.start();
    const { candidate } = await deployAfterGood(stack, webContainer());

    const { code, run } = await stack.guardBuild();

    expect({ code, run }).toMatchObject({ code: 0, run: { verdict: 'pass', action: 'mark-good' } });
    expect(await stack.serving()).toEqual({ [candidate]: 100 });
    const { annotations, traffic } = await stack.state();
    expect(annotations['deploy-loop-last-good']).toMatch(`${candidate} `);
    expect(traffic).toContainEqual({ revision: candidate, percent: 0, tag: 'deploy-loop-stable' });
  });

  it('writes nothing for a build whose revision never became ready, and ends with 1', async () => {
    await using stack = await Stack.start();
    const never = webContainer({ HEALTH: 'never-listen' });
    const { stable, build } = await deployAfterGood(stack, never, { startTimeoutSeconds: 1 });
    expect(build.status).toBe('FAILURE');
    const before = await stack.state();

    const { code, run } = await stack.guardBuild();

    expect({ code, run }).toMatchObject({
      code: 1,
      run: { verdict: 'fail', action: 'none', reasons: [{ code: 'never-ready' }] },
    });
    expect(await stack.state()).toEqual(before);
    expect(await stack.serving()).toEqual({ [stable]: 100 });
  });

  it('does not blame the deploy when the stable revision fails too, and ends with 3', async () => {
    await using stack = await Stack.start();
    const dependency = { isUp: true };
    await using both = await Puppet.start(() => (dependency.isUp ? healthy : unavailable));
    await deployAfterGood(stack, both.container, {}, both.container);
    dependency.isUp = false;
    const before = await stack.state();

    const { code, run } = await stack.guardBuild();

    expect({ code, run }).toMatchObject({
      code: 3,
      run: { verdict: 'inconclusive', action: 'none', reasons: [{ code: 'dependency' }, {}] },
    });
    expect(await stack.state()).toEqual(before);
  });
});

describe('guard of a private service', () => {
  it('asks again with a token after a 403, and passes', async () => {
    await using stack = await Stack.start();
    await deployAfterGood(stack, webContainer(), { private: true });
    expect(await stack.guardBuild()).toMatchObject({ code: 0, run: { verdict: 'pass' } });
  });

  it('blames nobody when it is not let in, and ends with 3', async () => {
    await using stack = await Stack.start({ health: { authenticate: 'never' } });
    await deployAfterGood(stack, webContainer({ HEALTH: '503' }), { private: true });
    const before = await stack.state();

    const { code, run } = await stack.guardBuild();

    expect({ code, run }).toMatchObject({
      code: 3,
      run: { verdict: 'inconclusive', action: 'none', reasons: [{ code: 'not-allowed' }] },
    });
    expect(await stack.state()).toEqual(before);
  });
});
