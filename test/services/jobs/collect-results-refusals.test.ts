import { beforeEach, describe, expect, it } from '@jest/globals';
import { RunIdSchema } from '../../../shared/contracts/id-schemas.ts';
import { cancelled, decisions } from '../../../shared/contracts/records.ts';
import { decisionIdOf } from '../../../shared/domain/ids.ts';
import { anOrder, aRunId, JobDesk } from './job-desk.ts';

const report = '<testsuite><testcase name="a" time="0.5"/><testcase name="b" time="0.5"/></testsuite>';
const decision = {
  runId: aRunId,
  stage: 'tests' as const,
  verdict: 'fail' as const,
  reasons: [],
  action: 'none' as const,
  alert: false,
  effects: [],
  facts: 0,
  startedAt: new Date(),
  at: new Date(),
};

let desk: JobDesk;
let token: string;
beforeEach(async () => {
  desk = new JobDesk();
  token = await desk.open();
});

describe('collect-results, asked by somebody else', () => {
  const other = RunIdSchema.parse('fedcba98765432100123');
  const both = async (text: string) => [(await desk.ask(text)).status, await desk.submit(text, report)];

  it('answers nobody who has no token', async () => {
    expect(await desk.ask(undefined)).toEqual({ status: 401 });
    expect(await both('dl1.x')).toEqual([401, 401]);
  });

  it('refuses a token that was made up', async () => {
    expect(await both(`${token.slice(0, -4)}0000`)).toEqual([403, 403]);
    expect(await desk.report()).toBeUndefined();
  });

  it.each<[string, (text: string) => string]>([
    ['another shard', (text) => text.replace('.s3.', '.s4.')],
    ['another run', (text) => text.replace(aRunId, other)],
    ['the list of a suite', (text) => text.replace('.s3.', '.l-e2e.')],
    ['a later day', (text) => text.replace(/\.\d{10}\./, '.1999999999.')],
  ])('refuses a token that was changed to be for %s, whether there is one or not', async (_what, change) => {
    expect(await both(change(token))).toEqual([403, 403]);
    await desk.open(anOrder({ work: { kind: 'shard', i: 4 }, ids: ['secret'] }));
    await desk.open(anOrder({ runId: other, ids: ['secret'] }));
    await desk.open(anOrder({ work: { kind: 'list', suite: 'e2e' }, mode: 'list', ids: [] }));
    expect(await both(change(token))).toEqual([403, 403]);
    expect((await desk.job(anOrder({ runId: other }))).used).toBe(false);
  });

  it('refuses the token of an older start, and its report', async () => {
    const newer = await desk.open();
    expect(await both(token)).toEqual([403, 403]);
    expect(await desk.submit(newer, report)).toBe(200);
  });

  it('refuses a token once its time is up', async () => {
    await desk.clock.sleep(600_000 + 180_000 - 1_000);
    expect((await desk.ask(token)).status).toBe(200);
    await desk.clock.sleep(1_000);
    expect(await both(token)).toEqual([401, 401]);
    expect(await desk.report()).toBeUndefined();
  });

  it.each([
    ['is decided', () => desk.add(decisions, decisionIdOf(aRunId, 'tests'), decision)],
    [
      'was taken over by a newer one',
      () => desk.add(cancelled, aRunId, { by: other, revision: anOrder().target.revision, at: new Date() }),
    ],
  ])('has nothing to do any more for a run that %s', async (_what, end) => {
    await end();
    expect(await both(token)).toEqual([410, 410]);
    expect(await desk.report()).toBeUndefined();
  });

  it('logs each refusal without the token', async () => {
    await both(`${token.slice(0, -4)}0000`);
    await desk.submit(token, report);
    await both(token);
    expect(desk.logged.filter((line) => line.includes('job-refused'))).toHaveLength(4);
    expect(desk.logged.join('\n')).not.toContain(token.split('.').at(-1)?.slice(0, 20));
  });
});
