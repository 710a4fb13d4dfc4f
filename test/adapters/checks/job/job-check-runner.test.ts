import { beforeEach, describe, expect, it } from '@jest/globals';
import { PermanentError, TransientError, UnknownOutcomeError } from '../../../../shared/domain/errors.ts';
import type { ExecutionState, Jobs } from '../../../../shared/ports/jobs.ts';
import { aroundStore } from '../../../world/around-store.ts';
import { CountingStore } from '../../../world/counting-store.ts';
import { JobBench, passed } from './job-bench.ts';

let bench: JobBench;
beforeEach(() => {
  bench = new JobBench();
});

/** The jobs of the bench, with one of their calls replaced. */
function withJobs(changes: Partial<Jobs>): void {
  const { fakes } = bench;
  bench.jobs = {
    start: (job, overrides) => fakes.start(job, overrides),
    state: (execution) => fakes.state(execution),
    cancel: (execution) => fakes.cancel(execution),
    ...changes,
  };
}
const handsIn =
  (report: string, afterMs = 0) =>
  async (token: string) => {
    const reportToken = await bench.desk.fetch(token).catch(() => undefined);
    if (reportToken === undefined) return 77;
    await bench.desk.clock.sleep(afterMs);
    return (await bench.desk.submit(reportToken, report)) === 200 ? 0 : 77;
  };
const hangs = async (_token: string, signal: AbortSignal) => {
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  return 143;
};
const elapsedMs = async (work: () => Promise<unknown>) => {
  const startedMs = bench.desk.clock.monotonicMs();
  await work();
  return bench.desk.clock.monotonicMs() - startedMs;
};
const errored = (why: RegExp, ...ids: readonly string[]) =>
  ids.map((id) => ({ id, outcome: 'errored', durationMs: 0, detail: expect.stringMatching(why) }));

describe('tests in a job', () => {
  it('are told as the job has handed them in', async () => {
    bench.program = handsIn(passed('a', 'b'), 20_000);
    expect(await bench.run(['a', 'b'])).toEqual([
      { id: 'a', outcome: 'passed', durationMs: 500, flaky: false },
      { id: 'b', outcome: 'passed', durationMs: 500, flaky: false },
    ]);
    expect(bench.fakes.started).toEqual([
      expect.objectContaining({
        overrides: {
          args: ['-c', 'eval "$DEPLOY_LOOP_AGENT"'],
          env: {
            DEPLOY_LOOP_AGENT: 'the agent',
            DEPLOY_LOOP_COLLECT_URL: 'https://collect.example',
            DEPLOY_LOOP_JOB_TOKEN: expect.stringMatching(/^dl1\./),
          },
          taskCount: 1,
          timeoutMs: 660_000,
        },
      }),
    ]);
  });

  it('say where to look for what they printed, when one of them broke', async () => {
    bench.program = handsIn(passed('a'));
    const [, lost] = await bench.run(['a', 'b']);
    expect(lost?.detail).toMatch(/its report does not contain it \(logs: execution my-tests-0\)$/);
  });

  it('are errored with a reason that a job cannot be given, and the others run', async () => {
    bench.program = handsIn(passed('a'));
    expect(await bench.run(['two\nlines', 'a', 'x'.repeat(100_001), '--help'])).toEqual([
      ...errored(/line breaks/, 'two\nlines'),
      ...errored(/too long/, 'x'.repeat(100_001)),
      ...errored(/begins with -/, '--help'),
      { id: 'a', outcome: 'passed', durationMs: 500, flaky: false },
    ]);
  });

  it('are as many jobs as their ids need documents', async () => {
    const ids = Array.from({ length: 1_200 }, (_, n) => `test-${n}`);
    bench.program = handsIn(passed(...ids));
    expect((await bench.run(ids)).map(({ id }) => id)).toEqual(ids);
    expect(bench.fakes.started).toHaveLength(3);
  });

  it('cost less than two reads, and few writes', async () => {
    const counted = new CountingStore(bench.desk.memory);
    bench.store = counted;
    bench.desk.store = counted;
    const ids = Array.from({ length: 20 }, (_, n) => `test-${n}`);
    bench.program = handsIn(passed(...ids), 60_000);
    await bench.run(ids);
    expect(counted.counts.reads).toBeLessThan(30);
    // The start, the mark that it was fetched, the mark that it is used, the report.
    expect(counted.counts.writes).toBe(4);
  });

  it.each<[string, object, string | undefined, RegExp]>([
    ['a suite without a job', { job: undefined }, 'https://x.example', /set .job. to a Cloud Run job/],
    ['a guard that knows no address', {}, undefined, /DEPLOY_LOOP_COLLECT_URL/],
  ])('are errored under %s, and nothing is listed', async (_what, suite, collectUrl, why) => {
    bench.collectUrl = collectUrl;
    expect(await bench.run(['a'], { suite })).toEqual(errored(why, 'a'));
    expect(await bench.collect(suite)).toEqual({ checks: [], problems: [expect.stringMatching(why)] });
    expect(bench.fakes.started).toEqual([]);
  });
});

describe('a job that comes to no report', () => {
  const states: [string, ExecutionState, RegExp][] = [
    ['failed', { kind: 'failed', reason: '1 of 1 tasks failed' }, /failed without a report: 1 of 1/],
    ['was cancelled', { kind: 'cancelled' }, /was cancelled/],
    ['is gone', { kind: 'gone' }, /no longer exists, and there is no report/],
    ['ended well all the same', { kind: 'succeeded' }, /ended without a report/],
  ];
  it.each(states)('and %s is an error with a reason, within seconds', async (_what, state, why) => {
    bench.program = hangs;
    withJobs({ state: async () => state });
    const ms = await elapsedMs(async () => {
      expect(await bench.run(['a', 'b'])).toEqual(errored(why, 'a', 'b'));
    });
    expect(ms).toBeLessThan(15_000);
  });

  it('is not taken for one when its report came between two looks', async () => {
    bench.program = hangs;
    let token = '';
    withJobs({
      start: async (job, overrides) => {
        token = await bench.desk.fetch(overrides.env?.DEPLOY_LOOP_JOB_TOKEN ?? '');
        return await bench.fakes.start(job, overrides);
      },
      state: async () => {
        await bench.desk.submit(token, passed('a'));
        return { kind: 'succeeded' };
      },
    });
    expect(await bench.run(['a'])).toMatchObject([{ outcome: 'passed' }]);
  });

  it('and never ends is given up when its token has expired, and is cancelled', async () => {
    let isCancelled = false;
    bench.program = async (token, signal) => {
      const code = await hangs(token, signal);
      isCancelled = true;
      return code;
    };
    expect(await bench.run(['a'], { suite: { suiteTimeout: '1m' } })).toEqual(
      errored(/no report within 240 s/, 'a'),
    );
    expect(isCancelled).toBe(true);
  });

  it('is waited for while nobody can look at it', async () => {
    withJobs({ state: () => Promise.reject(new PermanentError('not permitted')) });
    bench.program = handsIn(passed('a'), 90_000);
    expect(await bench.run(['a'])).toMatchObject([{ outcome: 'passed' }]);
  });

  it('is waited for while the database is away', async () => {
    bench.program = handsIn(passed('a'), 30_000);
    const { memory, clock } = bench.desk;
    const awayUntilMs = clock.monotonicMs() + 20_000;
    bench.store = aroundStore(memory, {
      get: async (ref) => {
        const isAway = ref.collection.path.endsWith('/reports') && clock.monotonicMs() < awayUntilMs;
        if (isAway) throw new TransientError('away');
        return await memory.get(ref);
      },
    });
    expect(await bench.run(['a'])).toMatchObject([{ outcome: 'passed' }]);
  });
});

describe('a job that is given up', () => {
  it('is cancelled within two seconds, and nothing is told', async () => {
    const abort = new AbortController();
    let cancelledAtMs = Number.NaN;
    let abortedAtMs = Number.NaN;
    bench.program = async (_token, signal) => {
      await bench.desk.clock.sleep(7_000);
      abortedAtMs = bench.desk.clock.monotonicMs();
      abort.abort();
      await hangs('', signal);
      cancelledAtMs = bench.desk.clock.monotonicMs();
      return 143;
    };
    expect(await bench.run(['a'], { signal: abort.signal })).toEqual([]);
    expect(cancelledAtMs - abortedAtMs).toBeLessThan(2_000);
  });

  it('does not wait for a cancellation that nobody answers', async () => {
    const abort = new AbortController();
    withJobs({ cancel: () => new Promise(() => undefined) });
    bench.program = async () => {
      abort.abort();
      return new Promise(() => undefined);
    };
    const ms = await elapsedMs(() => bench.run(['a'], { signal: abort.signal }));
    expect(ms).toBeLessThanOrEqual(2_000);
  });

  it('is cancelled too when its start was only answered afterwards', async () => {
    const abort = new AbortController();
    const answered = Promise.withResolvers<void>();
    const cancelled = Promise.withResolvers<string>();
    withJobs({
      start: async (job, overrides) => {
        abort.abort();
        await answered.promise;
        return await bench.fakes.start(job, overrides);
      },
      cancel: async (execution) => cancelled.resolve(execution),
    });
    bench.program = hangs;
    expect(await bench.run(['a'], { signal: abort.signal })).toEqual([]);
    answered.resolve();
    expect(await cancelled.promise).toMatch(/executions\/my-tests-0$/);
  });
});

describe('the start of a job', () => {
  it('whose answer was lost may have taken place: its report counts', async () => {
    bench.program = handsIn(passed('a'), 20_000);
    withJobs({
      start: async (job, overrides) => {
        await bench.fakes.start(job, overrides);
        throw new UnknownOutcomeError('the answer was lost');
      },
    });
    expect(await bench.run(['a'])).toMatchObject([{ outcome: 'passed' }]);
    expect(bench.fakes.started).toHaveLength(1);
  });

  it('is tried again where nothing was started', async () => {
    bench.program = handsIn(passed('a'));
    let tries = 0;
    withJobs({
      start: async (job, overrides) => {
        if (++tries < 4) throw new TransientError('quota exceeded');
        return await bench.fakes.start(job, overrides);
      },
    });
    expect(await bench.run(['a'])).toMatchObject([{ outcome: 'passed' }]);
  });

  it('that is refused is an error which says why', async () => {
    const suite = { job: 'projects/acme-staging/locations/us-central1/jobs/nobody' };
    expect(await bench.run(['a'], { suite })).toEqual(
      errored(/could not be started.*gcloud run jobs create/, 'a'),
    );
    withJobs({ start: () => Promise.reject(new TransientError('away')) });
    expect(await bench.run(['a'])).toEqual(errored(/could not be started: away/, 'a'));
  });
});

describe('a shard that another worker has taken over', () => {
  it('is not started by the older one', async () => {
    bench.program = handsIn(passed('a'));
    await bench.run(['a'], { claim: 2 });
    expect(await bench.run(['a'], { claim: 1 })).toEqual([]);
    expect(bench.fakes.started).toHaveLength(1);
  });

  it('makes the token of the older one worthless, and the older one tells nothing', async () => {
    const tokens: string[] = [];
    bench.program = async (token) => {
      tokens.push(token);
      if (tokens.length > 1) return handsIn(passed('a'))(token);
      const reportToken = await bench.desk.fetch(token);
      const newer = bench.run(['a'], { claim: 2 });
      await bench.desk.clock.sleep(5_000);
      expect(await bench.desk.submit(reportToken, passed('a'))).toBe(403);
      expect(await bench.desk.ask(token)).toEqual({ status: 403 });
      expect(await newer).toMatchObject([{ outcome: 'passed' }]);
      return 77;
    };
    expect(await bench.run(['a'], { claim: 1 })).toEqual([]);
  });

  it('is started anew for each execution, whose reports are never mixed up', async () => {
    const statuses: number[] = [];
    let first = '';
    bench.program = async (token) => {
      if (first !== '') statuses.push(await bench.desk.submit(first, passed('a')));
      first = token;
      return handsIn(passed('a'))(token);
    };
    await bench.run(['a']);
    await bench.run(['a']);
    expect(statuses).toEqual([403]);
  });
});

describe('the list of a suite', () => {
  it('is what its job has handed in', async () => {
    bench.program = handsIn('tests/a.py::x\nb\n', 15_000);
    expect(await bench.collect()).toEqual({
      checks: [
        { id: 'tests/a.py::x', file: 'tests/a.py' },
        { id: 'b', file: 'b' },
      ],
      problems: [],
    });
  });

  it('is listed once, also for who dispatches the run again', async () => {
    bench.program = handsIn('a\n');
    const first = await bench.collect();
    expect(await bench.collect()).toEqual(first);
    expect(bench.fakes.started).toHaveLength(1);
  });

  it('is the same for two who ask at once', async () => {
    bench.program = handsIn('a\n', 12_000);
    const both = await Promise.all([bench.collect(), bench.collect()]);
    expect(both.map(({ checks, problems }) => [checks.length, problems])).toEqual([
      [1, []],
      [1, []],
    ]);
  });

  it('is made by another start when the answer with its work was lost, a bounded number of times', async () => {
    const tokens: string[] = [];
    const loses = async (token: string) => {
      tokens.push(token);
      await bench.desk.ask(token);
      expect(await bench.desk.ask(token)).toEqual({ status: 409 });
      return 75;
    };
    bench.program = async (token) => (tokens.length === 0 ? loses(token) : handsIn('a\n')(token));
    expect(await bench.collect()).toMatchObject({ checks: [{ id: 'a' }], problems: [] });
    expect(bench.fakes.started).toHaveLength(2);

    bench = new JobBench();
    bench.program = loses;
    expect((await bench.collect({ retries: 2 })).problems).toEqual([
      expect.stringMatching(/without a report/),
    ]);
    expect(bench.fakes.started).toHaveLength(3);
    expect(new Set(tokens).size).toBe(4);
  });

  it('says why it may not be complete', async () => {
    withJobs({ state: async () => ({ kind: 'failed', reason: 'no such image' }) });
    bench.program = hangs;
    expect(await bench.collect()).toEqual({
      checks: [],
      problems: [expect.stringMatching(/failed.*no such image \(logs: execution my-tests-1\)/)],
    });
  });

  it('is not begun by whoever has given it up', async () => {
    const { problems } = await bench.collect({}, AbortSignal.abort());
    expect(problems).toEqual([expect.stringMatching(/cancelled before/)]);
    expect(bench.fakes.started).toEqual([]);
  });
});
