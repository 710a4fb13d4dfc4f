import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWithFirestore } from '../emulators/needs.ts';
import type { FunctionsStackOptions } from '../stack/functions-stack.ts';
import { ChaosStack, type Plot } from './chaos-stack.ts';
import { endOf, killAtEach, killOneByOne, serviceOf } from './kill-at-each.ts';
import { type KillPoint, killPoints, promotionCommits, rollbackCommits } from './kill-point.ts';
import { lostTagPoint, promotionPoints } from './promotion-points.ts';

const timeoutMs = 300_000;
type End = Awaited<ReturnType<typeof endOf>>;

/**
 * What the sweep mends in its first minutes: a rollback that died around its write of traffic, a decision that nobody
 * carried out, a build that nobody heard of. A run that is being probed it leaves alone for a minute, too long here.
 */
const sweptPoints: readonly KillPoint[] = [
  'after update outbox/RUN.health.rollback',
  'before update intents/RUN.health.rollback.0',
  'after update outbox/RUN.health.rollback, update runs/RUN, update services',
  'after create decisions/RUN.health, update runs/RUN, create outbox/RUN.health.rollback',
  'before create runs/RUN, update services',
].flatMap((text) => killPoints.filter(({ commit, when }) => `${when} ${commit}` === text));

describeWithFirestore('a function that is killed between any two writes', () => {
  const opened: ChaosStack[] = [];

  async function openChaos(
    plot: Plot,
    points: readonly KillPoint[],
    options: FunctionsStackOptions,
  ): Promise<ChaosStack> {
    const services = ['undisturbed', ...points.map((point) => serviceOf(points, point))];
    const emulatorHost = process.env.FIRESTORE_EMULATOR_HOST ?? '';
    const chaos = await ChaosStack.start(plot, emulatorHost, { ...options, services });
    opened.push(chaos);
    return chaos;
  }

  /** Pub/Sub delivers again what no process acknowledged, for as long as a dead process's lease lasts and longer. */
  async function playRedelivery(plot: Plot, points: readonly KillPoint[]) {
    const chaos = await openChaos(plot, points, { maxDeliveryAttempts: 100 });
    const undisturbed = await chaos.deploy('undisturbed');
    await chaos.stack.pipeline.idle();
    const commits = chaos.commitsOf(undisturbed);
    const normal = await endOf(chaos, undisturbed);

    const deployed = await killAtEach(chaos, points);
    await chaos.stack.pipeline.idle();
    return { commits, normal, ends: await Promise.all(deployed.map((one) => endOf(chaos, one))) };
  }

  /** Pub/Sub gives up at once, so that only the clock is left. */
  async function playSweep() {
    const chaos = await openChaos('rollback', sweptPoints, { maxDeliveryAttempts: 1, sweepEveryMs: 1_000 });
    const deployed = await killOneByOne(chaos, sweptPoints);
    await Promise.all(deployed.map(({ runId }) => chaos.stack.closed(runId)));
    return { ends: await Promise.all(deployed.map((one) => endOf(chaos, one))) };
  }

  let redelivered: Awaited<ReturnType<typeof playRedelivery>>;
  let promoted: Awaited<ReturnType<typeof playRedelivery>>;
  let swept: Awaited<ReturnType<typeof playSweep>>;
  beforeAll(async () => {
    // All wait half a minute for the lease of a dead process: at the same time.
    [redelivered, promoted, swept] = await Promise.all([
      playRedelivery('rollback', killPoints),
      playRedelivery('promotion', [...promotionPoints, lostTagPoint]),
      playSweep(),
    ]);
  }, timeoutMs);
  afterAll(() => Promise.all(opened.map((chaos) => chaos[Symbol.asyncDispose]())));

  it('was killed around every commit that a rollback makes', () => {
    expect(redelivered.commits).toEqual(rollbackCommits);
    expect(sweptPoints).toHaveLength(5);
    expect(redelivered.normal).toMatchObject({
      verdict: 'fail',
      outcome: 'restored',
      acceptedChanges: 1,
      stableServes: true,
    });
  });

  it.each(killPoints.map((point, i) => ({ ...point, i })))(
    'leaves the usual end when $function dies $when "$commit" and its message comes again',
    ({ i }) => {
      expect(redelivered.ends[i]).toEqual(redelivered.normal satisfies End);
    },
  );

  it.each(sweptPoints.map((point, i) => ({ ...point, i })))(
    'leaves the usual end when $function dies $when "$commit" and only the sweep comes by',
    ({ i }) => {
      expect(swept.ends[i]).toEqual(redelivered.normal satisfies End);
    },
  );

  it('was killed within everything that a promotion commits', () => {
    const byFunction = Map.groupBy(promoted.commits, (commit) => commit.function);
    const commits = [...byFunction].map(([name, made]) => [name, made.map(({ commit }) => commit)]);
    expect(Object.fromEntries(commits)).toEqual(promotionCommits);
    expect(promoted.normal).toMatchObject({ verdict: 'pass', candidateServes: true, recordedGood: true });
  });

  it.each(promotionPoints.map((point, i) => ({ ...point, i })))(
    'leaves the candidate promoted when $function dies $when "$commit" and its message comes again',
    ({ i }) => {
      expect(promoted.ends[i]).toEqual(promoted.normal satisfies End);
    },
  );

  it('does not know what became of a tag whose answer died with its process, and promotes all the same', () => {
    const { acceptedChanges, ...end } = promoted.ends.at(-1) ?? {};
    const { acceptedChanges: usual, ...normal } = promoted.normal;
    expect(end).toEqual(normal);
    expect(acceptedChanges).toBe(usual - 1);
  });
});
