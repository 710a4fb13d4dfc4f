import { describe, expect, it } from '@jest/globals';
import type { Etag, RevisionName } from '../../../shared/domain/ids.ts';
import type { ServiceState, TrafficTarget } from '../../../shared/domain/service-state.ts';
import { planPromotion, planShift } from '../../../shared/domain/traffic/plan-traffic.ts';
import {
  isRunTag,
  maxTagAndService,
  maxTaggableService,
  trafficTags,
} from '../../../shared/domain/traffic/traffic-tags.ts';
import { aRef } from '../../builders.ts';

const name = (revision: string) => revision as RevisionName;

function service(traffic: readonly TrafficTarget[], latest = 'web-3'): ServiceState {
  return {
    ref: aRef,
    etag: '1' as Etag,
    generation: 1n,
    uri: 'https://web.run.test',
    annotations: {},
    traffic,
    serving: [],
    latestReadyRevision: name(latest),
    latestCreatedRevision: name(latest),
    reconciling: false,
    routesChangedAt: new Date(0),
  };
}

/** `web-1` is a name, `LATEST` is no name. */
const target = (revision: string, percent: number): TrafficTarget =>
  revision === 'LATEST' ? { percent } : { revision: name(revision), percent };
const targets = (split: Readonly<Record<string, number>>) =>
  Object.entries(split).map(([revision, percent]) => target(revision, percent));
const splitOf = (traffic: readonly TrafficTarget[]) =>
  Object.fromEntries(traffic.filter((t) => t.percent > 0).map((t) => [t.revision ?? 'LATEST', t.percent]));

describe('planShift', () => {
  it.each<[Record<string, number>, number, Record<string, number>]>([
    [{ 'web-1': 100 }, 5, { 'web-1': 95, 'web-3': 5 }],
    [{ 'web-1': 100 }, 100, { 'web-3': 100 }],
    [{ 'web-1': 60, 'web-2': 40 }, 5, { 'web-1': 57, 'web-2': 38, 'web-3': 5 }],
    [{ 'web-1': 33, 'web-2': 33, 'web-0': 34 }, 50, { 'web-0': 17, 'web-1': 17, 'web-2': 16, 'web-3': 50 }],
    [{ 'web-1': 99, 'web-2': 1 }, 50, { 'web-1': 50, 'web-3': 50 }],
  ])('of %j by %i %% sums to 100 and keeps the proportions', (baseline, percent, expected) => {
    expect(splitOf(planShift(service([]), targets(baseline), name('web-3'), percent))).toEqual(expected);
  });

  it('goes from the baseline, not from the step before, and keeps every tag', () => {
    const now = service([
      ...targets({ 'web-1': 57, 'web-2': 38, 'web-3': 5 }),
      { revision: name('web-3'), percent: 0, tag: 'preview' },
    ]);
    const shifted = planShift(now, targets({ 'web-1': 60, 'web-2': 40 }), name('web-3'), 50);
    expect(splitOf(shifted)).toEqual({ 'web-1': 30, 'web-2': 20, 'web-3': 50 });
    expect(shifted.filter((t) => t.tag)).toEqual([{ revision: 'web-3', percent: 0, tag: 'preview' }]);
  });
});

describe('planPromotion', () => {
  const pinned = service(targets({ 'web-1': 100 }));
  const pin = (before: Record<string, number>, bad = 'web-2') => ({
    before: targets(before),
    bad: name(bad),
  });

  it.each<[string, Record<string, number>, Record<string, number>, boolean]>([
    ['LATEST', { LATEST: 100 }, { LATEST: 100 }, true],
    ['a split with LATEST', { 'web-0': 50, LATEST: 50 }, { 'web-0': 50, LATEST: 50 }, true],
    ['the bad revision by name', { 'web-2': 100 }, { 'web-3': 100 }, true],
    ['a split with the bad revision', { 'web-0': 80, 'web-2': 20 }, { 'web-0': 80, 'web-3': 20 }, true],
    ['nothing, which means LATEST', {}, { LATEST: 100 }, true],
    ['others only', { 'web-0': 100 }, { 'web-3': 100 }, true],
  ])('gives back what the user had: %s', (_what, before, expected, released) => {
    const promotion = planPromotion(pinned, name('web-3'), 'guard', pin(before));
    expect({ ...promotion, traffic: splitOf(promotion.traffic) }).toEqual({ traffic: expected, released });
  });

  it.each([
    ['the candidate is not the newest', 'guard' as const, 'web-4'],
    ['deploys come without traffic', 'gate' as const, 'web-3'],
  ])('gives LATEST by name, and keeps the pin, where %s', (_what, mode, latest) => {
    const state = service(targets({ 'web-1': 100 }), latest);
    const promotion = planPromotion(state, name('web-3'), mode, pin({ LATEST: 100 }));
    expect({ ...promotion, traffic: splitOf(promotion.traffic) }).toEqual({
      traffic: { 'web-3': 100 },
      released: false,
    });
  });

  it('gives all of it by name where nothing is pinned', () => {
    expect(splitOf(planPromotion(pinned, name('web-3'), 'gate', undefined).traffic)).toEqual({
      'web-3': 100,
    });
  });
});

describe('trafficTags', () => {
  const runId = '0a1b2cffffffffffffff';
  const tagsOf = (service: string) => {
    const tags = trafficTags(service);
    return [tags.standing, tags.run(runId), tags.runStable(runId)];
  };

  it('are words where there is room', () => {
    expect(tagsOf('web')).toEqual(['deploy-loop-stable', 'deploy-loop-0a1b2c', 'deploy-loop-0a1b2c-stable']);
  });

  it.each([3, 20, 21, 22, 28, 30, maxTaggableService])(
    'fit beside a service name of %i characters',
    (length) => {
      for (const tag of tagsOf('s'.repeat(length)))
        expect(tag.length + length).toBeLessThanOrEqual(maxTagAndService);
    },
  );

  it('of runs are told from the standing one, long or short', () => {
    for (const service of ['web', 's'.repeat(30)]) {
      expect(tagsOf(service).map(isRunTag)).toEqual([false, true, true]);
    }
  });
});
