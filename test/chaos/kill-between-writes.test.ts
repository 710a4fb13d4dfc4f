import { beforeAll, expect, it } from '@jest/globals';
import { describeWithFirestore } from '../emulators/needs.ts';
import { ChaosStack } from './chaos-stack.ts';
import { endOf, killAtEach, serviceOf } from './kill-at-each.ts';
import { type KillPoint, killPoints, rollbackCommits } from './kill-point.ts';

const emulatorHost = process.env.FIRESTORE_EMULATOR_HOST ?? '';
const timeoutMs = 120_000;
type End = Awaited<ReturnType<typeof endOf>>;

/** One point in each function, and every kind of gap around the write of traffic. */
const sweptPoints: readonly KillPoint[] = killPoints.filter(({ commit, when }) =>
  [
    'before create runs/RUN, update services',
    'after create runs/RUN, update services',
    'after create runs/RUN/health/health.0',
    'after create decisions/RUN.health, update runs/RUN, create outbox/RUN.health.rollback',
    'after update outbox/RUN.health.rollback',
    'before update intents/RUN.health.rollback.0',
    'after update outbox/RUN.health.rollback, update runs/RUN, update services',
  ].includes(`${when} ${commit}`),
);

/** Pub/Sub delivers again what no process acknowledged, for as long as a dead process's lease lasts and longer. */
async function playRedelivery() {
  const services = [...killPoints.map((point) => serviceOf(killPoints, point)), 'undisturbed'];
  await using chaos = await ChaosStack.start(emulatorHost, { services, maxDeliveryAttempts: 100 });
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
  const services = sweptPoints.map((point) => serviceOf(sweptPoints, point));
  await using chaos = await ChaosStack.start(emulatorHost, {
    services,
    maxDeliveryAttempts: 1,
    sweepEveryMs: 1_000,
  });
  const deployed = await killAtEach(chaos, sweptPoints);
  await Promise.all(deployed.map(({ runId }) => chaos.stack.closed(runId)));
  return { ends: await Promise.all(deployed.map((one) => endOf(chaos, one))) };
}

describeWithFirestore('a function that is killed between any two writes of a rollback', () => {
  let redelivered: Awaited<ReturnType<typeof playRedelivery>>;
  let swept: Awaited<ReturnType<typeof playSweep>>;
  beforeAll(async () => {
    // Both wait half a minute for the lease of a dead process: at the same time.
    [redelivered, swept] = await Promise.all([playRedelivery(), playSweep()]);
  }, timeoutMs);

  it('was killed around every commit that a run makes', () => {
    expect(redelivered.commits).toEqual(rollbackCommits);
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
