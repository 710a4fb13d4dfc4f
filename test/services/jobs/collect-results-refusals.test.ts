import { beforeEach, describe, expect, it } from '@jest/globals';
import { RunIdSchema } from '../../../shared/contracts/id-schemas.ts';
import { cancelled, decisions } from '../../../shared/contracts/records.ts';
import { maxReportBytes } from '../../../shared/contracts/suites/job-api.ts';
import { TransientError } from '../../../shared/domain/errors.ts';
import { decisionIdOf } from '../../../shared/domain/ids.ts';
import { aroundStore } from '../../world/around-store.ts';
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
/** For the work. */
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
    expect(await desk.submit(await desk.fetch(newer), report)).toBe(200);
  });

  it('refuses the report of an older start that was fetched', async () => {
    const older = await desk.fetch(token);
    const newer = await desk.begin();
    expect(await both(older)).toEqual([403, 403]);
    expect(await desk.submit(newer, report)).toBe(200);
  });

  it('refuses a token once its time is up', async () => {
    await desk.clock.sleep(600_000 + 180_000 - 1_000);
    const reportToken = await desk.fetch(token);
    await desk.clock.sleep(1_000);
    expect(await both(token)).toEqual([401, 401]);
    expect(await both(reportToken)).toEqual([401, 401]);
    expect(await desk.report()).toBeUndefined();
  });

  it.each([
    ['is decided', () => desk.add(decisions, decisionIdOf(aRunId, 'tests'), decision)],
    [
      'was taken over by a newer one',
      () => desk.add(cancelled, aRunId, { by: other, revision: anOrder().target.revision, at: new Date() }),
    ],
  ])('has nothing to do any more for a run that %s', async (_what, end) => {
    const reportToken = await desk.begin(anOrder({ work: { kind: 'shard', i: 4 } }));
    await end();
    expect(await desk.ask(token)).toEqual({ status: 410 });
    expect(await desk.submit(reportToken, report)).toBe(410);
    expect(await desk.report()).toBeUndefined();
  });

  it('reads no body before it knows its sender, and none of a request that no agent sends', async () => {
    const reportToken = await desk.fetch(token);
    const asked = { method: 'POST', target: '/results', token: reportToken } as const;
    const refused: [number, object][] = [
      [404, { target: '/' }],
      [404, { target: '/results?x=1' }],
      [404, { target: '/results/' }],
      [404, { target: 'http://web.example/results' }],
      [404, { target: '*' }],
      [404, { method: 'PUT' }],
      [404, { method: 'HEAD', target: '/shard' }],
      [415, { headers: { 'content-encoding': 'gzip' } }],
      [415, { headers: { 'content-encoding': 'identity' } }],
      [401, { token: undefined }],
      [401, { token: 'dl1.x' }],
      [401, { token: 'x'.repeat(8_000) }],
      [403, { token: reportToken.replace(/.{4}$/, '0000') }],
      [403, { token }],
      [413, { headers: { 'content-length': String(maxReportBytes + 1) } }],
      [413, { headers: { 'content-length': '9'.repeat(400) } }],
      [400, { headers: { 'content-length': '0' } }],
      [400, { headers: { 'x-deploy-loop-exit': '' } }],
      [400, { headers: { 'x-deploy-loop-body': 'missing' } }],
    ];
    for (const [status, changes] of refused) {
      const answer = await desk.request({ ...asked, ...changes }, async () => {
        throw new Error('it was read');
      });
      expect([answer, changes]).toEqual([{ status }, changes]);
    }
    expect(await desk.submit(reportToken, report)).toBe(200);
  });

  it.each([400, 413, 503] as const)(
    'passes on why a body was not read (%i), and takes it later',
    async (why) => {
      const reportToken = await desk.fetch(token);
      const asked = { method: 'POST', target: '/results', token: reportToken };
      expect(await desk.request(asked, async () => why)).toEqual({ status: why });
      expect(await desk.submit(reportToken, report)).toBe(200);
    },
  );

  it('judges a body that comes in chunks by what has come', async () => {
    const reportToken = await desk.fetch(token);
    const headers = { 'content-length': undefined, 'transfer-encoding': 'chunked' };
    const asked = { method: 'POST', target: '/results', token: reportToken, headers };
    expect(await desk.request(asked, async () => new Uint8Array())).toEqual({ status: 400 });
    expect(await desk.request(asked, async () => Buffer.from(report))).toEqual({ status: 200 });
  });

  it('logs refusals without the token, and of each kind one line a minute', async () => {
    const forged = `${token.slice(0, -4)}0000`;
    for (let n = 0; n < 100; n++) await both(forged);
    await desk.ask(undefined);
    await desk.ask(token);
    await desk.ask(token);
    const lines = () => desk.logged.filter((line) => line.includes('job-refused'));
    expect(lines().map((line) => line.split('} ')[1])).toEqual([
      'the token is forged',
      'no token',
      'the token is spent',
    ]);
    await desk.clock.sleep(60_000);
    await desk.ask(forged);
    expect(lines()).toHaveLength(4);
    expect(lines()[3]).toMatch(/"more":199\D/);
    expect(desk.logged.join('\n')).not.toContain(token.split('.').at(-1)?.slice(0, 20));
  });

  it('logs a database that is away once a minute, however many ask', async () => {
    desk.store = aroundStore(desk.memory, { get: () => Promise.reject(new TransientError('away')) });
    for (let n = 0; n < 100; n++) expect(await desk.ask(token)).toEqual({ status: 503 });
    expect(desk.logged.filter((line) => line.includes('not-collected'))).toHaveLength(1);
  });

  it('looks up a few at a time, and everybody in the end', async () => {
    let most = 0;
    let now = 0;
    desk.store = aroundStore(desk.memory, {
      get: async (ref) => {
        most = Math.max(most, ++now);
        await Promise.resolve();
        now--;
        return await desk.memory.get(ref);
      },
    });
    const forged = `${token.slice(0, -4)}0000`;
    const answers = await Promise.all(Array.from({ length: 100 }, () => desk.ask(forged)));
    expect(answers.every(({ status }) => status === 403)).toBe(true);
    expect(most).toBeLessThanOrEqual(8);
  });
});
