import { beforeAll, expect, it } from '@jest/globals';
import { describeWithFirestore } from '../emulators/needs.ts';
import { killPoints, rollbackCommits } from './kill-point.ts';
import { chaosTimeoutMs, type End, type Played, playRedelivery } from './play-chaos.ts';

describeWithFirestore('a function that is killed between any two writes', () => {
  let redelivered: Played;
  beforeAll(async () => {
    redelivered = await playRedelivery('rollback', killPoints);
  }, chaosTimeoutMs);

  it('was killed around every commit that a rollback makes', () => {
    const made = redelivered.commits.filter((commit) => commit.function !== 'diagnose');
    expect(made).toEqual(rollbackCommits);
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
});
