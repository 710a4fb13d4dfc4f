import { beforeEach, describe, expect, it } from '@jest/globals';
import { documentIn } from '../../../shared/contracts/document.ts';
import { jobListIdOf, jobListsOf } from '../../../shared/contracts/records.ts';
import { maxReportBytes } from '../../../shared/contracts/suites/job-api.ts';
import { TransientError } from '../../../shared/domain/errors.ts';
import { aroundStore } from '../../world/around-store.ts';
import { anOrder, aRunId, idToken, JobDesk } from './job-desk.ts';

const passed = (...names: readonly string[]) =>
  `<testsuite>${names.map((name) => `<testcase name="${name}" time="0.5"/>`).join('')}</testsuite>`;
let desk: JobDesk;
/** For the work. */
let token: string;
beforeEach(async () => {
  desk = new JobDesk();
  token = await desk.open();
});

describe('collect-results, asked for work', () => {
  it('gives the shard, with what its command finds in its environment', async () => {
    const { status, text } = await desk.ask(token);
    expect(status).toBe(200);
    expect(text?.replace(/^token .*$/m, 'token …').split('\n')).toEqual([
      'deploy-loop-shard 1',
      'mode run',
      'timeout 600',
      `limit ${maxReportBytes}`,
      'tests 2',
      'token …',
      'env DEPLOY_LOOP_URL=https://web.example',
      `env TOKEN=${idToken}`,
      'command run "$@"',
      '',
      'a',
      'b',
      '',
    ]);
  });

  it('gives it once, for a token that only reports', async () => {
    const report = await desk.fetch(token);
    expect(report).toMatch(new RegExp(`^dl1\\.${aRunId}\\.s3\\.\\d{10}\\.report\\.[0-9a-f]{64}$`));
    expect(await desk.ask(token)).toEqual({ status: 409 });
    expect(await desk.ask(report)).toEqual({ status: 403 });
    expect(await desk.submit(token, passed('a', 'b'))).toBe(403);
    expect(await desk.report()).toBeUndefined();
    expect(await desk.submit(report, passed('a', 'b'))).toBe(200);
    expect(await desk.ask(token)).toEqual({ status: 410 });
  });

  it('gives it to one of many that come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => desk.ask(token)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(19).fill(409)]);
  });

  it('gives it to nobody who asks again after the answer was lost, only to a new start', async () => {
    const { memory } = desk;
    desk.store = aroundStore(memory, {
      commit: async (writes) => {
        await memory.commit(writes);
        throw new TransientError('the answer was lost');
      },
    });
    expect(await desk.ask(token)).toEqual({ status: 503 });
    desk.store = memory;
    expect(await desk.ask(token)).toEqual({ status: 409 });
    expect((await desk.ask(await desk.open())).status).toBe(200);
    expect(await desk.ask(token)).toEqual({ status: 403 });
  });

  it('knows its own success, which its client finds when it writes once more', async () => {
    const { memory } = desk;
    desk.store = aroundStore(memory, {
      commit: async (writes) => {
        await memory.commit(writes);
        await memory.commit(writes);
      },
    });
    const report = await desk.fetch(token);
    desk.store = memory;
    expect(await desk.submit(report, passed('a', 'b'))).toBe(200);
  });

  it('keeps neither token in its records', async () => {
    const report = await desk.fetch(token);
    const record = JSON.stringify(await desk.job());
    for (const one of [token, report]) expect(record).not.toContain(one.split('.').at(-1));
  });

  it('asks for another try while a secret is out of reach', async () => {
    const { prepared } = desk;
    desk.prepared = { kind: 'fault', detail: 'TransientError: secret KEY', retryable: true };
    expect(await desk.ask(token)).toEqual({ status: 503 });
    expect(await desk.report()).toBeUndefined();
    desk.prepared = prepared;
    expect((await desk.ask(token)).status).toBe(200);
  });

  it.each([
    [
      'a secret that there is not',
      { kind: 'fault', detail: 'no secret KEY', retryable: false } as const,
      'no secret KEY',
    ],
    [
      'a value that no job can be given',
      { kind: 'ready', env: { PEM: 'one\ntwo' }, redact: (text: string) => text } as const,
      'variables with line breaks cannot be passed to a job: PEM',
    ],
  ])('tells whoever waits of %s, and has the job do nothing', async (_what, prepared, fault) => {
    desk.prepared = prepared;
    expect(await desk.ask(token)).toEqual({ status: 410 });
    expect(await desk.report()).toMatchObject({ fault, results: [] });
    expect(await desk.ask(token)).toEqual({ status: 410 });
  });
});

describe('collect-results, handed a report', () => {
  let report: string;
  beforeEach(async () => {
    report = await desk.fetch(token);
  });

  it('stores what each test came to, once', async () => {
    const body =
      '<testsuite><testcase name="a" time="0.5"/><testcase name="b"><failure message="HTTP 503"/></testcase></testsuite>';
    expect(await desk.submit(report, body, { 'x-deploy-loop-exit': '1' })).toBe(200);
    expect(await desk.report()).toMatchObject({
      revision: 'web-2',
      results: [
        { n: 0, outcome: 'passed', durationMs: 500 },
        { n: 1, outcome: 'failed', signature: 'http-503' },
      ],
    });
    expect(await desk.job()).toMatchObject({ used: true });
  });

  it('takes a report once, however often it comes', async () => {
    expect(await desk.submit(report, passed('a', 'b'))).toBe(200);
    const stored = await desk.report();
    expect(await desk.submit(report, passed('a', 'b'))).toBe(409);
    expect(await desk.submit(report, passed())).toBe(409);
    expect(await desk.ask(token)).toEqual({ status: 410 });
    expect(await desk.report()).toEqual(stored);
  });

  it('takes one of two that come at once', async () => {
    const both = await Promise.all([desk.submit(report, passed('a', 'b')), desk.submit(report, passed('a'))]);
    expect(both.toSorted()).toEqual([200, 409]);
  });

  it('reads CTRF too', async () => {
    const tests = ['a', 'b'].map((name) => ({ name, status: 'passed', duration: 20 }));
    const summary = { tests: 2, passed: 2, failed: 0, pending: 0, skipped: 0, other: 0, start: 1, stop: 2 };
    expect(
      await desk.submit(report, JSON.stringify({ results: { tool: { name: 'x' }, summary, tests } })),
    ).toBe(200);
    expect((await desk.report())?.results.map(({ outcome }) => outcome)).toEqual(['passed', 'passed']);
  });

  it.each<[string, string | Uint8Array, Record<string, string>, RegExp]>([
    ['nothing at all', '', {}, /wrote no report/],
    ['nothing of use', 'Traceback (most recent call last)', {}, /is unreliable/],
    ['a page that asks to sign in', '<html><body>Sign in</body></html>', {}, /report/],
    ['no test', '<testsuite/>', {}, /no test case/],
    ['only other tests', passed('x'), {}, /does not contain it/],
    ['bytes of no encoding', Buffer.from([0xc3, 0x28, 0xff, 0xfe, 0x00]), {}, /report/],
    ['what ends in the middle', `${passed('x').slice(0, -12)}`, {}, /report/],
    [
      'a bomb of entities',
      '<!DOCTYPE b [<!ENTITY a "aaaa"><!ENTITY c "&a;&a;&a;">]><testsuite><testcase name="&c;"/></testsuite>',
      {},
      /report/,
    ],
    ['a bomb of depth', '<testsuite>'.repeat(100_000), {}, /report/],
    ['a bomb of depth in JSON', '['.repeat(1_000_000), {}, /report/],
    [
      'more cases than anybody has',
      `<testsuite>${'<testcase name="a"/>'.repeat(200_001)}</testsuite>`,
      {},
      /more than 200000 cases/,
    ],
    ['a file that was too large to send', '', { 'x-deploy-loop-body': 'too-large' }, /larger than/],
    ['a command that was ended', '', { 'x-deploy-loop-exit': '137' }, /terminated by SIGKILL/],
    ['a command that took too long', '', { 'x-deploy-loop-outcome': 'timeout' }, /at its time limit/],
  ])('errors every test with a reason for %s', async (_what, body, headers, why) => {
    expect(await desk.submit(report, body, headers)).toBe(200);
    expect((await desk.report())?.results).toEqual(
      [0, 1].map((n) =>
        expect.objectContaining({ n, outcome: 'errored', detail: expect.stringMatching(why) }),
      ),
    );
  });

  it('believes no report of another day, which an image may bring along', async () => {
    const old = passed('a', 'b').replace('<testsuite>', '<testsuite timestamp="2026-02-27T09:00:00">');
    expect(await desk.submit(report, old)).toBe(200);
    expect((await desk.report())?.results).toEqual(
      [0, 1].map((n) =>
        expect.objectContaining({ n, outcome: 'errored', detail: expect.stringMatching(/from another run/) }),
      ),
    );
  });

  it('takes no pass from a command that failed although no test did', async () => {
    expect(await desk.submit(report, passed('a', 'b'), { 'x-deploy-loop-exit': '3' })).toBe(200);
    expect((await desk.report())?.results.map(({ outcome }) => outcome)).toEqual(['errored', 'errored']);
  });

  it.each<[string, string, Record<string, string>]>([
    ['an exit code that is none', passed('a'), { 'x-deploy-loop-exit': '999' }],
    ['an outcome of its own', passed('a'), { 'x-deploy-loop-outcome': 'passed' }],
    ['a body that it says is missing', passed('a'), { 'x-deploy-loop-body': 'missing' }],
    ['no body that it says is there', '', { 'x-deploy-loop-body': 'present' }],
  ])('refuses a report with %s, and still takes a right one', async (_what, body, headers) => {
    expect(await desk.submit(report, body, headers)).toBe(400);
    expect(await desk.submit(report, passed('a', 'b'))).toBe(200);
  });

  it('refuses a report that is larger than any', async () => {
    expect(await desk.submit(report, Buffer.alloc(maxReportBytes + 1, 0x20))).toBe(413);
    expect(await desk.report()).toBeUndefined();
  });

  it('keeps five hundred long failures in one document', async () => {
    const ids = Array.from({ length: 500 }, (_, n) => `test-${n}`);
    const order = anOrder({ ids });
    const fails = (id: string) =>
      `<testcase name="${id}"><failure message="${'字'.repeat(3_000)}"/></testcase>`;
    const body = `<testsuite>${ids.map(fails).join('')}</testsuite>`;
    expect(await desk.submit(await desk.begin(order), body, { 'x-deploy-loop-exit': '1' })).toBe(200);
    const results = (await desk.report(order))?.results ?? [];
    expect(results).toHaveLength(500);
    expect(results[499]).toMatchObject({
      n: 499,
      outcome: 'failed',
      detail: expect.stringMatching(/^字{100}/),
    });
  });

  it('stores no secret that a test has printed', async () => {
    const body = `<testsuite><testcase name="a"><failure message="sent ${idToken}"/></testcase></testsuite>`;
    await desk.submit(report, body, { 'x-deploy-loop-exit': '1' });
    expect((await desk.report())?.results[0]?.detail).toBe('sent [TOKEN]');
  });

  it('shows nothing of a report when it no longer knows what to hide', async () => {
    desk.prepared = { kind: 'fault', detail: 'the secret was deleted', retryable: false };
    const body = `<testsuite><testcase name="a"><failure message="sent ${idToken}"/></testcase></testsuite>`;
    expect(await desk.submit(report, body, { 'x-deploy-loop-exit': '1' })).toBe(200);
    expect(JSON.stringify(await desk.report())).not.toContain(idToken);
  });

  it('has the agent try again when the database is away, and then takes the report', async () => {
    const { memory } = desk;
    let isAway = true;
    desk.store = aroundStore(memory, {
      commit: async (writes) => {
        if (isAway) throw new TransientError('away');
        await memory.commit(writes);
      },
    });
    expect(await desk.submit(report, passed('a', 'b'))).toBe(503);
    expect(await desk.job()).toMatchObject({ used: false });
    isAway = false;
    expect(await desk.submit(report, passed('a', 'b'))).toBe(200);
  });

  it('answers a copy like a copy when the answer to its own write was lost', async () => {
    const { memory } = desk;
    let lost = 0;
    desk.store = aroundStore(memory, {
      commit: async (writes) => {
        await memory.commit(writes);
        if (lost++ === 0) throw new TransientError('the answer was lost');
      },
    });
    expect(await desk.submit(report, passed('a', 'b'))).toBe(503);
    expect(await desk.report()).toBeDefined();
    expect(await desk.submit(report, passed('a', 'b'))).toBe(409);
  });
});

describe('collect-results, with a list', () => {
  const order = anOrder({ work: { kind: 'list', suite: 'e2e' }, claim: 0, mode: 'list', ids: [] });
  const listed = async () => {
    const list = (await desk.report(order))?.list;
    if (!list) throw new Error('there is no list');
    const parts = Array.from({ length: list.parts }, (_, n) =>
      desk.memory.get(documentIn(jobListsOf(aRunId), jobListIdOf(list.digest, n))),
    );
    const checks = (await Promise.all(parts)).flatMap((part) => part?.data.checks ?? []);
    return { checks, problems: list.problems, parts: list.parts };
  };

  it('stores the tests in their order', async () => {
    expect(await desk.submit(await desk.begin(order), 'tests/b.py::x\nc\n')).toBe(200);
    expect(await listed()).toEqual({
      checks: [
        { id: 'tests/b.py::x', file: 'tests/b.py' },
        { id: 'c', file: 'c' },
      ],
      problems: [],
      parts: 1,
    });
  });

  it('stores thirty thousand tests, in documents that the database takes', async () => {
    const ids = Array.from({ length: 30_000 }, (_, n) => `tests/${'folder/'.repeat(8)}test ${n}`);
    expect(await desk.submit(await desk.begin(order), `${ids.join('\n')}\n`)).toBe(200);
    const { checks, parts } = await listed();
    expect(checks.map(({ id }) => id)).toEqual(ids);
    expect(parts).toBeGreaterThan(4);
  });

  it('says so when the command failed', async () => {
    expect(await desk.submit(await desk.begin(order), 'a\n', { 'x-deploy-loop-exit': '2' })).toBe(200);
    expect((await listed()).problems).toEqual(['the command exited with 2 when it listed its tests']);
  });

  it('finishes what a process began that died between two parts', async () => {
    const { memory } = desk;
    const ids = Array.from({ length: 30_000 }, (_, n) => `tests/${'folder/'.repeat(8)}test ${n}`).join('\n');
    const listToken = await desk.begin(order);
    for (let dies = 1; dies <= 3; dies++) {
      let commits = 0;
      desk.store = aroundStore(memory, {
        commit: async (writes) => {
          if (++commits > dies) throw new TransientError('it died');
          await memory.commit(writes);
        },
      });
      expect(await desk.submit(listToken, ids)).toBe(503);
      expect(await desk.report(order)).toBeUndefined();
    }
    desk.store = memory;
    expect(await desk.submit(listToken, ids)).toBe(200);
    expect((await listed()).checks).toHaveLength(30_000);
  });
});
