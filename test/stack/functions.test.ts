import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { z } from 'zod';
import { webContainer } from '../../infra/local/containers/web-container.ts';
import { describeWithFirestore } from '../emulators/needs.ts';
import { FunctionsStack } from './functions-stack.ts';

const broken = webContainer({ HEALTH: '503' });
const Page = z.object({ runs: z.array(z.object({ id: z.string() })) });

describeWithFirestore('the functions, each in a process of its own,', () => {
  let stack: FunctionsStack;
  beforeAll(async () => {
    stack = await FunctionsStack.start({ services: ['broken', 'healthy'] });
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  it('put traffic back after a broken deploy, with one write, and tell of it to who asks', async () => {
    const stable = await stack.serving('broken');
    const { revision, runId } = await stack.build('broken', broken);
    const deployed = await stack.writes('broken');
    await stack.pipeline.idle();

    expect(await stack.serving('broken')).toEqual(stable);
    expect((await stack.writes('broken')) - deployed).toBe(1n);
    const list = await stack.pipeline.ask('serve-reports', { path: '/api/runs?verdict=fail&service=broken' });
    expect(Page.parse(JSON.parse(list.text)).runs).toEqual([expect.objectContaining({ id: runId })]);
    const one = await stack.pipeline.ask('serve-reports', { path: `/api/runs/${runId}` });
    expect(one).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    expect(JSON.parse(one.text)).toMatchObject({
      run: { candidate: { revision }, verdict: 'fail', outcome: { code: 'restored' } },
      trafficChanges: [{ outcome: 'accepted' }],
    });
  });

  it('record a healthy deploy as last good, and leave its traffic alone', async () => {
    const { revision, runId } = await stack.build('healthy', webContainer({ VERSION: '2' }));
    await stack.pipeline.idle();

    expect((await stack.report(runId)).run).toMatchObject({ state: 'closed', verdict: 'pass' });
    expect(await stack.serving('healthy')).toEqual({ [revision]: 100 });
    const { text } = await stack.pipeline.ask('serve-reports', { path: '/api/services' });
    expect(JSON.parse(text).services).toContainEqual(
      expect.objectContaining({
        name: 'healthy',
        lastGood: [expect.objectContaining({ revision }), expect.anything()],
      }),
    );
  });
});
