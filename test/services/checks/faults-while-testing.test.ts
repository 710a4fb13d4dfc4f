import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { type Collection, documentIn } from '../../../shared/contracts/document.ts';
import {
  failuresOf,
  planHeadOf,
  type ShardRecord,
  shardsOf,
  testHistories,
} from '../../../shared/contracts/records.ts';
import { testKeyOf } from '../../../shared/domain/checks/test-history.ts';
import { type RevisionName, type RunId, serviceKeyOf } from '../../../shared/domain/ids.ts';
import { create } from '../../../shared/ports/store.ts';
import { bucketOf, historyOwner } from '../../../shared/services/checks/load-histories.ts';
import { aConfig, aServiceConfig, aSuite } from '../../builders.ts';
import type { Asked } from '../../world/fake-checks.ts';
import { World } from '../../world/world.ts';

const many = (n: number) => Array.from({ length: n }, (_, k) => `check-${k}`);
const failing = { outcome: 'failed', detail: 'HTTP 500' } as const;

async function aWorld(
  checks: number,
  workers: number,
  changes: Parameters<typeof aServiceConfig>[0] = {},
): Promise<World> {
  const suites = [aSuite({ name: 'api', priority: 'P1', checks: many(checks) })];
  const tests = { ...aServiceConfig().tests, workers };
  const world = await World.create({ config: aConfig(aServiceConfig({ suites, tests, ...changes })) });
  await world.deployGood('web-1');
  return world;
}

/** Does something at the nth execution of a check, just before the check is answered. */
function atCheck(world: World, nth: number, work: () => unknown): void {
  let asked = 0;
  const { answer } = world.checks;
  world.checks.answer = async (one, target) => {
    if (++asked === nth) await work();
    return answer(one, target);
  };
}

async function sweepUntilClosed(world: World, most = 60): Promise<void> {
  for (let n = 0; n < most && (await world.run('web-2'))?.state !== 'closed'; n++) {
    await world.clock.sleep(60_000);
    await world.sweep();
  }
}

async function shardsIn(world: World, runId: RunId): Promise<readonly ShardRecord[]> {
  const found = await world.store.find({ collection: shardsOf(runId), where: [], limit: 1000 });
  return found.map(({ data }) => data);
}

const settled = (shards: readonly ShardRecord[]) =>
  shards.flatMap(({ checks }) => checks.map(({ settlement }) => settlement));

describe('a document of stage tests that is not what its schema says', () => {
  const anything = <D>(collection: Collection<D>): Collection<unknown> => ({
    ...collection,
    schema: z.unknown(),
  });

  it.each([
    ['a weight that is no number', { i: 1, w: true }],
    ['no weight', { i: 1, slot: 0, checks: [] }],
    ['nothing at all', {}],
  ])('ends as a missing shard at the deadline, never as a pass: a shard with %s', async (_what, data) => {
    const world = await aWorld(60, 2);
    const ref = documentIn(anything(shardsOf(world.runIdOf('web-2'))), '1');
    atCheck(world, 1, () => world.store.commit([create(ref, data)]));
    await world.finishBuild(world.deployByBuild('web-2'));
    await sweepUntilClosed(world);
    expect(await world.decision('web-2', 'tests')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'missing-results' }],
    });
    expect((await world.run('web-2'))?.state).toBe('closed');
  });

  it('keeps no other test from its history: a part of the history', async () => {
    const world = await aWorld(60, 2);
    const ids = many(60).map((id) => bucketOf(testKeyOf('api', id)));
    const broken = Math.min(...ids);
    const of = historyOwner(serviceKeyOf(world.ref), world.checks.environment);
    const ref = documentIn(anything(testHistories), `${of}.${broken}`);
    await world.store.commit([create(ref, { of, bucket: 'none' })]);
    await world.finishBuild(world.deployByBuild('web-2'));
    const found = await world.store.find({
      collection: testHistories,
      where: [],
      limit: 100,
      onCorrupt: () => undefined,
    });
    const known = found.flatMap(({ data }) => data.tests.map(({ id }) => id));
    expect(known).toHaveLength(ids.filter((bucket) => bucket !== broken).length);
  });

  it('ends as no plan at the deadline: a plan', async () => {
    const world = await aWorld(6, 2);
    const runId = world.runIdOf('web-2');
    const head = { digest: 'nowhere', chunks: 2, shards: 3, checks: 6, workers: 2, share: 100 };
    const ref = documentIn(anything(planHeadOf(runId)), 'head');
    await world.store.commit([create(ref, head)]);
    await world.finishBuild(world.deployByBuild('web-2'));
    await sweepUntilClosed(world);
    expect(await world.decision('web-2', 'tests')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'missing-results' }],
    });
  });
});

describe('a service that is changed while its checks run', () => {
  it('has the checks wait while Cloud Run is at something that gives nobody else traffic', async () => {
    const world = await aWorld(60, 4);
    atCheck(world, 10, () => {
      world.cloud.setReconciling(world.ref, true);
      void world.clock.sleep(20_000).then(() => world.cloud.setReconciling(world.ref, false));
    });
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.decision('web-2', 'tests')).toMatchObject({ verdict: 'pass' });
  });

  it('has no answer believed that came while another revision had the traffic for a moment', async () => {
    const world = await aWorld(60, 1);
    const other = { revision: 'web-1' as RevisionName, percent: 100 };
    // The candidate fails it, and web-1 answers in its place.
    let away = false;
    world.checks.answer = ({ id, revision }: Asked) =>
      id === 'check-7' && revision === 'web-2' && !away ? failing : undefined;
    const { answer } = world.checks;
    world.checks.answer = async (asked, target) => {
      if (asked.id === 'check-7' && !away && asked.attempt === 1 && asked.revision === 'web-2') {
        away = true;
        world.cloud.editTraffic(world.ref, [other]);
        void world.clock.sleep(60).then(async () => {
          world.cloud.editTraffic(world.ref, [{ percent: 100 }]);
        });
        void world.clock.sleep(5_000).then(() => {
          away = false;
        });
      }
      return answer(asked, target);
    };
    await world.finishBuild(world.deployByBuild('web-2'));
    await sweepUntilClosed(world);
    expect((await world.decision('web-2', 'tests'))?.verdict).not.toBe('pass');
  });

  it('blames nobody by what another revision answered in place of stable', async () => {
    const world = await aWorld(20, 1);
    // Traffic is fixed on stable, which is reached by the service's own URL; the candidate has a tag.
    await world.fixTraffic(['web-1', 100]);
    world.cloud.deploy(world.ref, 'web-0');
    const uri = (await world.cloud.getService(world.ref))?.uri;
    let moved = false;
    world.checks.answer = async ({ id, revision }: Asked, { url }) => {
      if (id !== 'check-7') return undefined;
      if (revision === 'web-1' && !moved) {
        moved = true;
        await world.fixTraffic(['web-0', 100]);
      }
      // Both fail it; web-0 does not, and has the service's own URL now.
      return revision === 'web-1' && url === uri ? undefined : failing;
    };
    await world.finishBuild(world.deployByBuild('web-2'));
    await sweepUntilClosed(world);
    expect(settled(await shardsIn(world, world.runIdOf('web-2')))).not.toContain('regression');
    expect((await world.decision('web-2', 'tests'))?.verdict).not.toBe('fail');
  });

  it('blames nobody by what the platform answered where a tag was taken away', async () => {
    const world = await aWorld(20, 1, { rollback: { ...aServiceConfig().rollback, standingTag: false } });
    // Both are reached by tags of the run, which never led anywhere else.
    world.cloud.deploy(world.ref, 'web-0');
    const split = { 'web-1': 60, 'web-0': 40 };
    world.cloud.editTraffic(
      world.ref,
      Object.entries(split).map(([name, percent]) => ({ revision: name as RevisionName, percent })),
    );
    let taken = false;
    world.checks.answer = async ({ id, revision }: Asked) => {
      if (id === 'check-7' && revision === 'web-2' && !taken) {
        taken = true;
        const traffic = (await world.cloud.getService(world.ref))?.traffic ?? [];
        world.cloud.editTraffic(
          world.ref,
          traffic.filter((target) => target.revision !== 'web-2'),
        );
      }
      return revision === 'web-2' && taken ? failing : undefined;
    };
    await world.finishBuild(world.deployByBuild('web-2'));
    await sweepUntilClosed(world);
    expect(taken).toBe(true);
    expect(settled(await shardsIn(world, world.runIdOf('web-2')))).not.toContain('regression');
    expect((await world.decision('web-2', 'tests'))?.verdict).not.toBe('fail');
  });
});

describe('a suite with more to say than a document holds', () => {
  it('is told of at once, and not at the deadline', async () => {
    const world = await aWorld(6, 2);
    const problem = 'no such file: '.repeat(100);
    world.checks.collected = () => ({
      checks: [{ id: 'check-0' }],
      problems: Array.from({ length: 3_000 }, (_, n) => `${n} ${problem}`),
    });
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await world.decision('web-2', 'tests')).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'fix-test', text: expect.stringContaining('and 95 more') }],
    });
  });
});

describe('a worker that was slower than another', () => {
  it('leaves no failures of its own behind', async () => {
    const world = await aWorld(4, 1);
    const runId = world.runIdOf('web-2');
    world.checks.answer = async ({ id, attempt }) => {
      if (id !== 'check-0') return undefined;
      if (attempt > 1) return undefined;
      const at = world.clock.now();
      const fine = { settlement: 'passed' as const, durationMs: 1, attempts: 1 };
      for (const i of [0, 1, 2, 3]) {
        const shard = { i, slot: 9, w: 0, checks: [fine], startedAt: at, endedAt: at };
        await world.store
          .commit([create(documentIn(shardsOf(runId), String(i)), shard)])
          .catch(() => undefined);
      }
      return failing;
    };
    await world.finishBuild(world.deployByBuild('web-2'));
    const failures = await world.store.find({ collection: failuresOf(runId), where: [], limit: 10 });
    expect(failures.map(({ data }) => data.id)).toEqual([]);
  });
});
