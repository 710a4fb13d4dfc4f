import { beforeEach, describe, expect, it } from '@jest/globals';
import { documentIn } from '../../../shared/contracts/document.ts';
import { diagnoses, notices, runs } from '../../../shared/contracts/records.ts';
import { PermanentError, TransientError, UnknownOutcomeError } from '../../../shared/domain/errors.ts';
import { type RevisionName, runIdOf } from '../../../shared/domain/ids.ts';
import { create, type Store, type Write } from '../../../shared/ports/store.ts';
import { askForNotices } from '../../../shared/services/notices/write-notices.ts';
import { aConfig } from '../../builders.ts';
import type { ScmCall } from '../../world/fake-scm.ts';
import { sweepForMinutes } from '../../world/sweep-for-minutes.ts';
import { silent, World } from '../../world/world.ts';
import { allIssues, allNotices, aToldService, commit, deploy, noticeOf } from './told.ts';

let world: World;
/** What becomes of a commit. */
let refuse: (writes: readonly Write[]) => boolean;

beforeEach(async () => {
  refuse = () => false;
  const wrap = (store: Store): Store => ({
    get: (ref) => store.get(ref),
    find: (query) => store.find(query),
    countAndSum: (collection, field) => store.countAndSum(collection, field),
    commit: async (writes) => {
      if (refuse(writes)) throw new TransientError('the process has died');
      await store.commit(writes);
    },
  });
  world = await World.create({ config: aConfig(aToldService({ github: { comment: true } })), wrap });
  await world.deployGood('web-1');
  world.scm.pulls.set(commit, [
    {
      number: 70,
      title: 'Faster',
      body: '',
      state: 'merged',
      branch: 'faster',
      headSha: commit,
      base: 'main',
      url: 'https://github.com/acme/shop/pull/70',
    },
  ]);
});

const isOurs = ({ ref }: Write) => /^(issues|notices)/.test(ref.collection.path);

/** Everything that a repository shows of one failure and its end, once. */
function expectOnce(): void {
  expect(world.scm.issues).toHaveLength(1);
  expect(world.scm.comments.filter(({ issue }) => issue === 1)).toHaveLength(1);
  expect(world.scm.deployments).toHaveLength(2);
  const states = (['web-2', 'web-3'] as const).map((revision) =>
    world.scm.deployments.find(({ key }) => key === world.runIdOf(revision))?.statuses.at(-1),
  );
  expect(states).toMatchObject([{ state: 'failure' }, { state: 'success' }]);
  expect(world.scm.checkRuns.size).toBe(2);
  expect(world.scm.comments.filter(({ issue }) => issue === 70)).toHaveLength(2);
}

describe('a notice', () => {
  const steps: ScmCall[] = [
    'issues.create',
    'issues.update',
    'comments.create',
    'statuses.ensureDeployment',
    'statuses.setDeploymentStatus',
    'statuses.putCheckRun',
  ];

  it.each(steps)('is told once although its worker dies after %s, before it stores that', async (step) => {
    let hasDied = false;
    world.scm.after = (call) => {
      if (call !== step || hasDied) return;
      hasDied = true;
      refuse = (writes) => writes.some(isOurs);
    };
    await deploy(world, 'web-2', false).catch(() => {});
    await expect(world.serving()).resolves.toEqual({ 'web-1': 100 });
    refuse = () => false;
    await sweepForMinutes(world, 15);
    await deploy(world, 'web-3', true);
    await sweepForMinutes(world, 15);
    expect(hasDied).toBe(true);
    expect(world.scm.issues).toMatchObject([{ state: 'closed' }]);
    expectOnce();
  });

  it.each(['issues.create', 'comments.create'] as const)(
    'is told once although the answer to %s is lost',
    async (step) => {
      let isLost = false;
      world.scm.after = (call) => {
        if (call !== step || isLost) return;
        isLost = true;
        throw new UnknownOutcomeError('the answer was lost');
      };
      await deploy(world, 'web-2', false);
      await sweepForMinutes(world, 15);
      await deploy(world, 'web-3', true);
      await sweepForMinutes(world, 15);
      expect(isLost).toBe(true);
      expectOnce();
    },
  );

  it('is made once although a lost call arrives minutes later', async () => {
    let lostAt: number | undefined;
    let hasArrived = false;
    world.scm.before = async (call) => {
      const now = world.clock.monotonicMs();
      if (call === 'issues.create' && lostAt === undefined) {
        lostAt = now;
        throw new UnknownOutcomeError('the answer was lost');
      }
      if (lostAt === undefined || now - lostAt < 150_000 || hasArrived) return;
      hasArrived = true;
      const [issue] = await allIssues(world);
      const body = `<!-- deploy-loop:issue:${issue?.id} -->`;
      const url = 'https://github.com/acme/shop/issues/1';
      world.scm.issues.push({
        number: world.scm.issues.length + 1,
        title: '',
        body,
        labels: ['deploy-loop:web'],
        state: 'open',
        url,
      });
    };
    await deploy(world, 'web-2', false);
    await sweepForMinutes(world, 15);
    expect(hasArrived).toBe(true);
    expect(world.scm.issues).toMatchObject([{ title: expect.stringContaining('Deploy failed: web') }]);
  });

  it('is lost by no outage of an hour, and doubled by none; traffic does not wait', async () => {
    const start = world.clock.now().getTime();
    world.scm.before = () => {
      if (world.clock.now().getTime() - start < 3_600_000) throw new TransientError('HTTP 502');
    };
    await deploy(world, 'web-2', false);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect(await world.run('web-2')).toMatchObject({ state: 'closed', verdict: 'fail' });
    expect(await noticeOf(world, 'web-2', 'issue')).toMatchObject({ state: 'open', lastError: 'HTTP 502' });
    await deploy(world, 'web-3', true);
    expect(await world.run('web-3')).toMatchObject({ state: 'closed', verdict: 'pass' });
    await sweepForMinutes(world, 120);
    expectOnce();
    expect(world.scm.issues).toMatchObject([{ state: 'closed' }]);
    expect((await allNotices(world)).map(({ data }) => data.state)).toEqual(Array(6).fill('done'));
  });

  it('keeps to what the other side asks for', async () => {
    const asked: number[] = [];
    world.scm.before = (call) => {
      if (call !== 'issues.listByLabel') return;
      asked.push(world.clock.now().getTime());
      if (asked.length === 1) throw new TransientError('secondary rate limit', { retryAfterMs: 600_000 });
    };
    await deploy(world, 'web-2', false);
    await sweepForMinutes(world, 15);
    expect(asked).toHaveLength(2);
    expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThanOrEqual(600_000);
    expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeLessThanOrEqual(700_000);
  });

  it('stops where it is refused for good, with the reason', async () => {
    world.scm.before = (call) => {
      if (call.startsWith('issues')) throw new PermanentError('issues.create: issues are switched off');
    };
    await deploy(world, 'web-2', false);
    await sweepForMinutes(world, 5);
    expect(await noticeOf(world, 'web-2', 'issue')).toMatchObject({
      state: 'stopped',
      lastError: 'issues.create: issues are switched off',
    });
    expect(world.scm.count('issues.listByLabel')).toBe(1);
    expect(world.scm.deployments).toHaveLength(1);
  });

  it('never fails where its message cannot be sent', async () => {
    const bus = { publish: () => Promise.reject(new TransientError('Pub/Sub is down')) };
    const writes = [create(documentIn(notices, 'a.issue'), {} as never)];
    await expect(askForNotices(writes, { bus, log: silent })).resolves.toBeUndefined();
  });

  it('never keeps a decision back: its message may fail', async () => {
    world.intercept(({ bus }) => ({
      bus: {
        publish: async (hop, message) => {
          if (hop === 'notify') throw new TransientError('Pub/Sub is down');
          await bus.publish(hop, message);
        },
      },
    }));
    await deploy(world, 'web-2', false);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect(await world.run('web-2')).toMatchObject({ state: 'closed', verdict: 'fail' });
    world.intercept(() => ({}));
    await sweepForMinutes(world, 7);
    expect(world.scm.issues).toHaveLength(1);
  });
});

/** Runs that failed at once for one cause that is new, with their notices. */
async function failLike(first: string, count: number): Promise<string[]> {
  const run = await world.run(first);
  const diagnosis = (await world.store.get(documentIn(diagnoses, world.runIdOf(first))))?.data;
  const notice = await noticeOf(world, first, 'issue');
  if (!run || !diagnosis?.result || !notice) throw new Error(`${first} has no records`);
  const result = {
    ...diagnosis.result,
    category: 'missing-env-or-secret',
    summary: 'KEY is not set.',
  } as const;
  const made = Array.from({ length: count }, async (_, n) => {
    const revision = `web-9${n}` as RevisionName;
    const runId = runIdOf(world.ref, revision, 1);
    const candidate = { revision, createTime: new Date(run.candidate.createTime.getTime() + n + 1) };
    const createdAt = new Date(notice.createdAt.getTime() + n + 1);
    const noticeId = `${runId}.issue`;
    await world.store.commit([
      create(documentIn(runs, runId), { ...run, candidate, createdAt }),
      create(documentIn(diagnoses, runId), { ...diagnosis, runId, revision, result }),
      create(documentIn(notices, noticeId), {
        ...notice,
        runId,
        createdAt,
        told: undefined,
        state: 'open',
        dueAt: world.clock.now(),
        endedAt: undefined,
      }),
    ]);
    return noticeId;
  });
  return Promise.all(made);
}

describe('many runs at once', () => {
  it('make one issue for one cause, in at most five calls each', async () => {
    await world.applyConfig(aConfig(aToldService({ github: { status: false } })));
    await deploy(world, 'web-2', false);
    world.scm.calls.length = 0;
    // Time enough for others to begin the same.
    world.scm.before = (call) => (call.startsWith('issues.') ? world.clock.sleep(2_000) : undefined);
    const ids = await failLike('web-2', 50);
    await Promise.all(ids.map((noticeId) => world.publish('notify', { noticeId })));
    await world.bus.idle();
    await sweepForMinutes(world, 30);
    expect(world.scm.issues).toHaveLength(2);
    expect(world.scm.comments).toHaveLength(1);
    expect(world.scm.comments[0]?.body).toContain('50 runs with this cause');
    expect(world.scm.calls.length).toBeLessThanOrEqual(5 * 50);
    const states = (await allNotices(world)).map(({ data }) => data.state);
    expect(new Set(states)).toEqual(new Set(['done']));
  });

  it('are told in the order of their importance where ten calls a minute are allowed', async () => {
    await world.applyConfig(aConfig(aToldService({ notifications: [channel] })));
    let windowStart = 0;
    let used = 0;
    world.notifier.before = () => {
      const now = world.clock.now().getTime();
      if (now - windowStart >= 60_000) [windowStart, used] = [now, 0];
      if (used >= 10) throw new TransientError('HTTP 429', { retryAfterMs: windowStart + 60_000 - now });
      used++;
    };
    const now = world.clock.now();
    const events = Array.from({ length: 60 }, (_, n) => ({ n, importance: 5 - Math.floor(n / 10) }));
    await world.store.commit(
      events.map(({ n, importance }) =>
        create(documentIn(notices, `event-${n}.promoted.team`), {
          kind: 'webhook',
          ref: world.ref,
          name: 'web',
          channel: 'team',
          importance,
          event: { id: `${importance}`, kind: 'promoted', at: now, why: 'it is good' },
          state: 'open',
          dueAt: now,
          tries: 0,
          createdAt: now,
        }),
      ),
    );
    await sweepForMinutes(world, 15);
    const order = world.notifier.sent.map(({ id }) => Number(id));
    expect(order).toHaveLength(60);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });
});

const channel = {
  name: 'team',
  kind: 'webhook' as const,
  url: { env: 'HOOK' },
  secret: { env: 'KEY' },
  events: ['promoted' as const],
};
