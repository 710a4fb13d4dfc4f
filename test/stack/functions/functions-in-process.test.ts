import { expect, it } from '@jest/globals';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import { FunctionsStack } from './functions-stack.ts';

it('all functions in one process, over a store in memory, put traffic back and tell of it', async () => {
  await using stack = await FunctionsStack.start({ processes: false });
  const stable = await stack.serving('web');
  const { runId } = await stack.build('web', webContainer({ HEALTH: '503' }));
  await stack.pipeline.idle();

  expect(await stack.serving('web')).toEqual(stable);
  const { status, text } = await stack.pipeline.ask('serve-reports', { path: `/api/runs/${runId}` });
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({ run: { verdict: 'fail', outcome: { code: 'restored' } } });
  expect(stack.pipeline.logs('check-health').map(({ text: line }) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({ severity: 'INFO', runId, message: 'health tick' }),
  );
});
