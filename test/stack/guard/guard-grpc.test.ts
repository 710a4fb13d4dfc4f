import { describe, expect, it, test } from '@jest/globals';
import { stringify } from 'yaml';
import { grpcContainer, webContainer } from '../../../infra/local/containers/web-container.ts';
import type { Container } from '../../../infra/local/process/container.ts';
import { deployAfterGood } from '../deploy-after-good.ts';
import { Stack } from '../stack.ts';

const config = stringify({
  version: 1,
  services: [
    {
      name: 'web',
      project: 'acme-staging',
      region: 'us-central1',
      health: {
        grpc: {},
        interval: '20ms',
        timeout: '3s',
        startupBudget: '5s',
        wrongFor: '300ms',
        successes: 2,
        failureThreshold: 2,
      },
      propagation: '1ms',
      watch: { for: '0s', minimum: '0s', interval: '20ms' },
    },
  ],
});

async function aStack(): Promise<Stack> {
  const stack = await Stack.start();
  await stack.write('deploy-loop.yaml', config);
  return stack;
}

describe('guard, told of a build of a gRPC service', () => {
  it('records a revision that is SERVING as good, private as it is, and ends with 0', async () => {
    await using stack = await aStack();
    const serving = grpcContainer('SERVING');
    const { candidate } = await deployAfterGood(stack, serving, { private: true }, serving);
    const { code, run } = await stack.guardBuild();
    expect({ code, run }).toMatchObject({ code: 0, run: { verdict: 'pass', action: 'mark-good' } });
    expect(await stack.serving()).toEqual({ [candidate]: 100 });
  });

  test.each<[string, Container, string]>([
    ['is NOT_SERVING', grpcContainer('NOT_SERVING'), 'server-error'],
    ['has no health service', grpcContainer('none'), 'wrong-status'],
    ['speaks HTTP/1.1 only', webContainer(), 'server-error'],
  ])('puts traffic back when the revision %s, and ends with 1', async (_what, container, code) => {
    await using stack = await aStack();
    const { stable } = await deployAfterGood(stack, container, {}, grpcContainer('SERVING'));
    const { code: exit, run } = await stack.guardBuild();
    expect({ exit, run }).toMatchObject({
      exit: 1,
      run: {
        verdict: 'fail',
        reasons: [{ code }, { code: 'stable-good' }],
        outcome: { code: 'restored' },
      },
    });
    expect(await stack.serving()).toEqual({ [stable]: 100 });
  });
});
