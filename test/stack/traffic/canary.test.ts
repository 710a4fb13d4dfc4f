import { describe, expect, it } from '@jest/globals';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import type { TrafficSplit } from '../../../shared/domain/service-state.ts';
import type { ConfigChanges } from '../config-text.ts';
import { deployAfterGood } from '../deploy-after-good.ts';
import { runTagsOf } from '../own-tags.ts';
import { Stack } from '../stack.ts';
import { sweepRecords } from '../sweep-records.ts';
import { UserTraffic } from '../user-traffic.ts';

const requestLog = { window: '1s', lag: '100ms', minimum: 3, windows: 2 };
const lastStep = { percent: 100, hold: '2s' };
const canary: ConfigChanges = {
  mode: 'canary',
  steps: [{ percent: 10, hold: '2s' }, lastStep],
  requestLog,
  health: { interval: '50ms' },
  watch: { for: '300ms', minimum: '300ms', interval: '100ms' },
};
/** Healthy by its health path, and of no use to anyone. */
const deceiving = webContainer({ HEALTH: 'ok', PAGES: '503' });

/** A good revision with users on it, beside it a newer one that has no traffic yet. */
async function deployed(config: ConfigChanges, container = webContainer({ VERSION: '2' })) {
  const stack = await Stack.start(config);
  const { stable, candidate } = await deployAfterGood(stack, container, { noTraffic: true });
  return { stack, stable, candidate, users: new UserTraffic(stack.cloud) };
}

/** What the service served at each look while `work` was under way, without repetitions. */
async function servedDuring(stack: Stack, work: Promise<unknown>): Promise<readonly TrafficSplit[]> {
  const splits: TrafficSplit[] = [];
  let isOver = false;
  const over = work.finally(() => (isOver = true));
  while (!isOver) {
    const split = await stack.serving();
    if (JSON.stringify(split) !== JSON.stringify(splits.at(-1))) splits.push(split);
  }
  await over;
  return splits;
}

describe('a deploy without traffic, in mode canary,', () => {
  it('gets its traffic step by step, by the request log of its users, and is recorded as good', async () => {
    const { stack, stable, candidate, users } = await deployed(canary);
    await using _ = stack;
    await using __ = users;
    const guarded = stack.guardBuild();
    const splits = await servedDuring(stack, guarded);
    const { code, run, reports } = await guarded;

    expect({ code, run }).toMatchObject({ code: 0, run: { verdict: 'pass' } });
    expect(splits).toEqual([{ [stable]: 100 }, { [stable]: 90, [candidate]: 10 }, { [candidate]: 100 }]);
    expect(reports[0]?.decisions.map(({ stage, verdict }) => [stage, verdict])).toEqual([
      ['health', 'pass'],
      ['step-1', 'pass'],
      ['step-2', 'pass'],
      ['watch', 'pass'],
    ]);
    await sweepRecords(stack);
    expect(runTagsOf(await stack.state())).toEqual([]);
  });

  it('is rolled back by what its users got alone, while every probe of its health is good', async () => {
    // The step ends with the second bad window; on a slow machine the windows with enough users come late.
    const steps = [{ percent: 50, hold: '15s' }, lastStep];
    const { stack, stable, users } = await deployed({ ...canary, steps }, deceiving);
    await using _ = stack;
    await using __ = users;
    const { code, run, reports } = await stack.guardBuild();
    expect({ code, run }).toMatchObject({
      code: 1,
      run: {
        verdict: 'fail',
        outcome: { code: 'restored' },
        reasons: [{ code: 'request-errors' }, { code: 'stable-good' }],
      },
    });
    expect(reports[0]?.decisions.map(({ stage }) => stage)).toEqual(['health', 'step-1', 'reverify']);
    expect(await stack.serving()).toEqual({ [stable]: 100 });
  });

  it('stays at its step, and a person is called, where the log leaves entries out', async () => {
    // Only within a longer window are there probes that must be in the log.
    const longer = { ...requestLog, window: '3s' };
    const config = { ...canary, requestLog: longer, steps: [{ percent: 100, hold: '3s' }] };
    const { stack, candidate, users } = await deployed(config);
    await using _ = stack;
    await using __ = users;
    stack.cloud.faults.excludeLogs('log_id("run.googleapis.com/requests")');
    const { code, run, reports } = await stack.guardBuild();
    expect({ code, run }).toMatchObject({
      code: 3,
      run: { verdict: 'inconclusive', action: 'hold', reasons: [{ code: 'request-log' }] },
    });
    expect(reports[0]?.decisions.at(-1)).toMatchObject({ stage: 'step-1', alert: true });
    expect(await stack.serving()).toEqual({ [candidate]: 100 });
  });

  it('stays at its step where it has no users to judge it by', async () => {
    const { stack, stable, candidate, users } = await deployed(canary);
    await using _ = stack;
    await users[Symbol.asyncDispose]();
    const { code, run } = await stack.guardBuild();
    expect({ code, run }).toMatchObject({
      code: 3,
      run: { verdict: 'inconclusive', action: 'hold', reasons: [{ code: 'few-requests' }] },
    });
    expect(await stack.serving()).toEqual({ [stable]: 90, [candidate]: 10 });
  });
});
