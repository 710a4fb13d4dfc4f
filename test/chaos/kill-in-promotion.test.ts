import { beforeAll, expect, it } from '@jest/globals';
import { describeWithFirestore } from '../emulators/needs.ts';
import { promotionCommits } from './kill-point.ts';
import { chaosTimeoutMs, type End, type Played, playRedelivery } from './play-chaos.ts';
import { lostTagPoint, promotionPoints } from './promotion-points.ts';

describeWithFirestore('a function that is killed within a promotion', () => {
  let promoted: Played;
  beforeAll(async () => {
    promoted = await playRedelivery('promotion', [...promotionPoints, lostTagPoint]);
  }, chaosTimeoutMs);

  it('was killed within everything that a promotion commits', () => {
    // Who looks before the tag is there asks for it once more.
    const made = promoted.commits.filter(({ commit }) => !commit.includes('health.tag-2'));
    const byFunction = Map.groupBy(made, (commit) => commit.function);
    const commits = [...byFunction].map(([name, all]) => [name, all.map(({ commit }) => commit)]);
    expect(Object.fromEntries(commits)).toEqual(promotionCommits);
    expect(promoted.normal).toMatchObject({ verdict: 'pass', candidateServes: true, recordedGood: true });
  });

  it.each(promotionPoints.map((point, i) => ({ ...point, i })))(
    'leaves the candidate promoted when $function dies $when "$commit" and its message comes again',
    ({ i }) => {
      expect(promoted.ends[i]).toEqual(promoted.normal satisfies End);
    },
  );

  it('knows a tag whose answer died with its process by the tag itself, though the service has changed since', () => {
    expect(promoted.ends.at(-1)).toEqual(promoted.normal satisfies End);
  });
});
