import { beforeAll, expect, it } from '@jest/globals';
import { describeWithFirestore } from '../emulators/needs.ts';
import { type KillPoint, killPoints } from './kill-point.ts';
import { chaosTimeoutMs, type End, type Played, playSweep } from './play-chaos.ts';

/**
 * What the sweep mends in its first minutes: a rollback that died around its write of traffic, a decision that nobody
 * carried out, a build that nobody heard of. A run that is being probed it leaves alone for a minute, too long here.
 */
const sweptPoints: readonly KillPoint[] = [
  'after create intents/RUN.health.rollback.0, update outbox/RUN.health.rollback',
  'before update intents/RUN.health.rollback.0',
  'after update outbox/RUN.health.rollback, update runs/RUN, update services',
  'after create decisions/RUN.health, update runs/RUN, create outbox/RUN.health.rollback, create diagnoses/RUN',
  'before create runs/RUN, update services',
].flatMap((text) => killPoints.filter(({ commit, when }) => `${when} ${commit}` === text));

describeWithFirestore('a function that is killed, and whose messages do not come again,', () => {
  let swept: Played;
  beforeAll(async () => {
    swept = await playSweep('rollback', sweptPoints);
  }, chaosTimeoutMs);

  it('was killed within a rollback that ends well when nothing disturbs it', () => {
    expect(sweptPoints).toHaveLength(5);
    expect(swept.normal).toMatchObject({
      verdict: 'fail',
      outcome: 'restored',
      acceptedChanges: 1,
      stableServes: true,
    });
  });

  it.each(sweptPoints.map((point, i) => ({ ...point, i })))(
    'leaves the usual end when $function dies $when "$commit" and only the sweep comes by',
    ({ i }) => {
      expect(swept.ends[i]).toEqual(swept.normal satisfies End);
    },
  );
});
