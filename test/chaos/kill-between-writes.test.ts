import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWithFirestore } from '../emulators/needs.ts';
import type { FunctionsStackOptions } from '../stack/functions-stack.ts';
import { ChaosStack } from './chaos-stack.ts';
import { endOf, killAtEach, killOneByOne, serviceOf } from './kill-at-each.ts';
import { type KillPoint, killPoints, rollbackCommits } from './kill-point.ts';

const timeoutMs = 180_000;
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

describeWithFirestore('a function that is killed between any two writes of a rollback', () => {
  const opened: ChaosStack[] = [];

  async function openChaos(
    points: readonly KillPoint[],
    options: FunctionsStackOptions,
  ): Promise<ChaosStack> {
    const services = ['undisturbed', ...points.map((point) => serviceOf(points, point))];
    const emulatorHost = process.env.FIRESTORE_EMULATOR_HOST ?? '';
    const chaos = await ChaosStack.start(emulatorHost, { ...options, services });
    opened.push(chaos);
    return chaos;
  }

  /** Pub/Sub delivers again what no process acknowledged, for as long as a dead process's lease lasts and longer. */
  async function playRedelivery() {
    const chaos = await openChaos(killPoints, { maxDeliveryAttempts: 100 });
    const undisturbed = await chaos.deployBroken('undisturbed');
    await chaos.stack.closed(undisturbed.runId);
    const commits = chaos.commitsOf(undisturbed);
    const normal = await endOf(chaos, undisturbed);

    const deployed = await killAtEach(chaos, killPoints);
    await chaos.stack.pipeline.idle();
    return { commits, normal, ends: await Promise.all(deployed.map((one) => endOf(chaos, one))) };
  }

  /** Pub/Sub gives up at once, so that only the clock is left. */
  async function playSweep() {
    const chaos = await openChaos(sweptPoints, { maxDeliveryAttempts: 1, sweepEveryMs: 1_000 });
    const deployed = await killOneByOne(chaos, sweptPoints);
    await Promise.all(deployed.map(({ runId }) => chaos.stack.closed(runId)));
    return { ends: await Promise.all(deployed.map((one) => endOf(chaos, one))) };
  }

  let redelivered: Awaited<ReturnType<typeof playRedelivery>>;
  let swept: Awaited<ReturnType<typeof playSweep>>;
  beforeAll(async () => {
    // Both wait half a minute for the lease of a dead process: at the same time.
    [redelivered, swept] = await Promise.all([playRedelivery(), playSweep()]);
  }, timeoutMs);
  afterAll(() => Promise.all(opened.map((chaos) => chaos[Symbol.asyncDispose]())));

  it('was killed around every commit that a run makes', () => {
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
});
