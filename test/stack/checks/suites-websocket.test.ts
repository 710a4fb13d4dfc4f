import { describe, expect, it } from '@jest/globals';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import { deployAfterGood } from '../deploy-after-good.ts';
import { Stack } from '../stack.ts';

const messages = [{ send: 'hello' }, { expect: { contains: 'hello', within: '2s' } }];
const suites = [
  { name: 'live', kind: 'websocket', priority: 'P1', checks: [{ name: 'echo', path: '/echo', messages }] },
];

describe('guard with WebSockets', () => {
  it('passes a revision that talks', async () => {
    await using stack = await Stack.start({ suites });
    const { candidate } = await deployAfterGood(stack, webContainer({ VERSION: '2' }));
    expect(await stack.guardBuild()).toMatchObject({ code: 0 });
    expect(await stack.serving()).toEqual({ [candidate]: 100 });
  });

  it.each([
    ['1011', 'closed before message 1 of 1 arrived, with 1011 (server error): no worker'],
    ['403', 'the handshake was answered with HTTP 403, expected 101'],
  ] as const)('puts traffic back when a check gets %s on the new revision only', async (SOCKETS, detail) => {
    await using stack = await Stack.start({ suites });
    const { stable } = await deployAfterGood(stack, webContainer({ SOCKETS }));
    const { code, run } = await stack.guardBuild();
    expect({ code, run }).toMatchObject({ code: 1, run: { verdict: 'fail', target: stable } });
    const { stdout } = await stack.cli('show', run?.id ?? '', '--records', 'records.db');
    expect(stdout).toContain(`live: echo fails here and passes on the stable revision: /echo: ${detail}`);
  });

  it('puts traffic back when the health probe does not get its answer', async () => {
    await using stack = await Stack.start({ health: { websocket: { path: '/echo', messages } } });
    const { stable } = await deployAfterGood(stack, webContainer({ SOCKETS: '1011' }));
    const { code, run } = await stack.guardBuild();
    expect({ code, run }).toMatchObject({ code: 1, run: { verdict: 'fail', target: stable } });
    expect(run?.reasons[0]?.text).toContain('/echo: closed before message 1 of 1 arrived, with 1011');
    expect(await stack.serving()).toEqual({ [stable]: 100 });
  });
});
