import { describe, expect, it } from '@jest/globals';
import { type WebBehaviour, webContainer } from '../../../infra/local/containers/web-container.ts';
import { deployAfterGood } from '../deploy-after-good.ts';
import { Stack } from '../stack.ts';

const named = (behaviour: WebBehaviour = {}) => webContainer({ ...behaviour, REVISION_HEADER: 'X-Revision' });

/** Milliseconds from the routes' change to the first look that counts, for a deploy that has taken all traffic. */
async function firstLook(behaviour: WebBehaviour, propagation: string): Promise<number> {
  await using stack = await Stack.start({ health: { revision: { header: 'x-revision' } }, propagation });
  const { stable, candidate } = await deployAfterGood(stack, named(behaviour), {}, named());
  expect(await stack.serving()).toEqual({ [candidate]: 100 });
  const { routesChangedAt } = await stack.state();

  const { code, run, reports } = await stack.guardBuild();

  expect({ code, run }).toMatchObject({
    code: 1,
    run: { verdict: 'fail', action: 'rollback', target: stable, outcome: { code: 'restored' } },
  });
  expect(await stack.serving()).toEqual({ [stable]: 100 });
  const [first] = reports[0]?.health ?? [];
  return (first?.at.getTime() ?? Number.NaN) - routesChangedAt.getTime();
}

describe('guard, of an app that echoes its K_REVISION', () => {
  it('puts traffic back without waiting for propagation when the app itself answers 503', async () => {
    // Longer than a test may take: the first revision's validation, the rollback and its proof do without it.
    expect(await firstLook({ HEALTH: '503' }, '10m')).toBeLessThan(60_000);
  });

  it("waits for propagation when the platform's own 503 says nothing of who has crashed", async () => {
    expect(await firstLook({ HEALTH: 'crash-after-listen' }, '4s')).toBeGreaterThanOrEqual(4_000);
  });
});
