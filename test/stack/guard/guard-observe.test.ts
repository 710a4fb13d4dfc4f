import { describe, expect, it, test } from '@jest/globals';
import { type WebHealth, webContainer } from '../../../infra/local/containers/web-container.ts';
import { deployAfterGood } from '../deploy-after-good.ts';
import { Stack } from '../stack.ts';

describe('guard --observe', () => {
  test.each<[WebHealth, number, string]>([
    ['503', 1, 'fail'],
    ['ok', 0, 'pass'],
  ])('judges a revision that answers %s, and writes nothing at all', async (HEALTH, code, verdict) => {
    await using stack = await Stack.start();
    await deployAfterGood(stack, webContainer({ HEALTH }));
    const before = await stack.state();

    const result = await stack.guardBuild('--observe');

    expect(result).toMatchObject({
      code,
      run: { verdict, action: 'none' },
      reports: [{ trafficChanges: [] }],
    });
    // Etag and generation included: not even a tag or an annotation.
    expect(await stack.state()).toEqual(before);
  });

  it('adds no tag to compare with a stable revision that it cannot reach', async () => {
    await using stack = await Stack.start({ rollback: { standingTag: false } });
    await deployAfterGood(stack, webContainer({ HEALTH: '503' }));
    const before = await stack.state();

    const { code, run } = await stack.guardBuild('--observe');

    expect({ code, run }).toMatchObject({
      code: 1,
      run: { action: 'none', reasons: [{}, { code: 'not-compared' }] },
    });
    expect(await stack.state()).toEqual(before);
  });
});
