import { describe, expect, it } from '@jest/globals';
import { isOldAnswer, propagationLeftMs } from '../../../shared/domain/health/propagation.ts';
import type { Etag, RevisionName } from '../../../shared/domain/ids.ts';
import type { Readiness, Revision } from '../../../shared/domain/revision.ts';
import type { ServiceState, TrafficTarget } from '../../../shared/domain/service-state.ts';
import { percentsChanged } from '../../../shared/domain/service-state.ts';
import { chooseRollbackTarget } from '../../../shared/domain/traffic/choose-rollback-target.ts';
import { refuseByAllowance } from '../../../shared/domain/traffic/decide-rollback.ts';
import { missingTags, planReach } from '../../../shared/domain/traffic/plan-reach.ts';
import {
  dropTagsOfDeleted,
  planRollback,
  planTags,
  planUntag,
} from '../../../shared/domain/traffic/plan-traffic.ts';
import { isRunTag } from '../../../shared/domain/traffic/traffic-tags.ts';
import { trafficCommand } from '../../../shared/wording/traffic-command.ts';
import { aRef } from '../../builders.ts';
import { answers } from '../../world/fake-cloud.ts';

const name = (text: string) => text as RevisionName;
const now = new Date('2026-03-02T09:00:00Z');
const day = 86_400_000;

function aRevision(text: string, changes: Partial<Revision> = {}): Revision {
  const readiness: Readiness = { kind: 'ready' };
  return {
    name: name(text),
    createTime: now,
    readiness,
    labels: {},
    minInstances: 0,
    creator: undefined,
    ...changes,
  };
}

function aService(traffic: TrafficTarget[], changes: Partial<ServiceState> = {}): ServiceState {
  const latest = name('web-2');
  return {
    ref: aRef,
    etag: '"1"' as Etag,
    generation: 1n,
    uri: 'https://web.run.test',
    annotations: {},
    traffic,
    serving: traffic.map((target) => ({
      ...target,
      revision: target.revision ?? latest,
      uri: target.tag && `https://${target.tag}---web.run.test`,
    })),
    latestReadyRevision: latest,
    latestCreatedRevision: latest,
    reconciling: false,
    routesChangedAt: now,
    ...changes,
  };
}

describe('chooseRollbackTarget', () => {
  const policy = { maxAgeMs: 30 * day, maxRevisions: 10 };
  const madeAt = (text: string) => new Date(now.getTime() + Number(text.slice(4)));
  const made = (text: string, changes: Partial<Revision> = {}) =>
    aRevision(text, { createTime: madeAt(text), ...changes });
  const revisions = [made('web-3'), made('web-2'), made('web-1')];
  const order = (text: string) => ({ revision: name(text), createTime: madeAt(text) });
  const choose = (good: string[], list = revisions, limits = policy) =>
    chooseRollbackTarget(good.map(order), order('web-3'), list, now, limits);

  it('takes the newest that was recorded good, not the one before', () => {
    expect(choose(['web-1'])).toEqual({ kind: 'target', revision: 'web-1' });
  });

  it('never goes forward to a newer revision', () => {
    expect(choose(['web-4', 'web-1'])).toEqual({ kind: 'target', revision: 'web-1' });
  });

  it('never takes the failing revision itself', () => {
    expect(choose(['web-3', 'web-1'])).toEqual({ kind: 'target', revision: 'web-1' });
    expect(choose(['web-3'])).toMatchObject({ kind: 'refused', reason: { code: 'no-target' } });
  });

  it.each([
    ['none is recorded', choose([]), 'no-target'],
    ['it was deleted', choose(['web-0']), 'target-deleted'],
    [
      'it is not ready',
      choose(['web-1'], [made('web-3'), made('web-1', { readiness: { kind: 'pending' } })]),
      'target-not-ready',
    ],
    [
      'it is denied',
      choose(['web-1'], [made('web-3'), made('web-1', { labels: { 'deploy-loop-rollback': 'never' } })]),
      'target-denied',
    ],
    [
      'it was made anew under its name',
      choose(['web-1'], [made('web-3'), made('web-1', { createTime: now })]),
      'target-deleted',
    ],
    ['it is too old', choose(['web-1'], revisions, { ...policy, maxAgeMs: -day }), 'target-too-old'],
    ['it is too far back', choose(['web-1'], revisions, { ...policy, maxRevisions: 1 }), 'target-too-far'],
  ])('refuses when %s, rather than take an older one', (_why, choice, code) => {
    expect(choice).toMatchObject({ kind: 'refused', reason: { code } });
  });
});

describe('refuseByAllowance', () => {
  const policy = { cooldownMs: 600_000, perDay: 2 };
  const ago = (ms: number) => new Date(now.getTime() - ms);

  it.each([
    [[], undefined],
    [[ago(600_000)], undefined],
    [[ago(599_000)], 'cooldown'],
    [[ago(700_000), ago(800_000)], 'per-day'],
    [[ago(700_000), ago(day + 1)], undefined],
  ])('after rollbacks at %j says %s', (rollbacks, code) => {
    const made = rollbacks.map((at) => ({ to: name('web-1'), at }));
    expect(refuseByAllowance(name('web-3'), made, now, policy)?.code).toBe(code);
  });

  it.each([
    ['within a day', ago(3_600_000), 'loop'],
    ['days later', ago(2 * day), undefined],
  ])('refuses to go further back from what the last rollback went to: %s', (_when, at, code) => {
    const made = [{ to: name('web-1'), at }];
    expect(refuseByAllowance(name('web-1'), made, now, policy)?.code).toBe(code);
  });
});

describe('traffic plans', () => {
  it('a rollback moves the traffic of the failing revision, and keeps the rest and every tag', () => {
    const service = aService([
      { percent: 70 },
      { revision: name('web-0'), percent: 30, tag: 'old' },
      { percent: 0, tag: 'latest' },
    ]);
    expect(planRollback(service, name('web-2'), name('web-1'))).toEqual([
      { revision: 'web-1', percent: 70 },
      { revision: 'web-0', percent: 30 },
      { revision: 'web-0', percent: 0, tag: 'old' },
      { percent: 0, tag: 'latest' },
    ]);
  });

  it('a rollback to a revision that serves already adds to its share', () => {
    const service = aService([
      { revision: name('web-1'), percent: 90 },
      { revision: name('web-2'), percent: 10 },
    ]);
    expect(planRollback(service, name('web-2'), name('web-1'))).toEqual([
      { revision: 'web-1', percent: 100 },
    ]);
  });

  it('only tags of runs are ours to remove', () => {
    expect(['deploy-loop-0a1b2c', 'deploy-loop-0a1b2c-stable'].every(isRunTag)).toBe(true);
    expect(['deploy-loop-stable', 'deploy-loop-demo', 'preview'].some(isRunTag)).toBe(false);
  });

  it('tags are added without a change of percents, and LATEST stays LATEST', () => {
    expect(planTags(aService([]), new Map([['deploy-loop-stable', name('web-1')]]))).toEqual([
      { percent: 100 },
      { revision: 'web-1', percent: 0, tag: 'deploy-loop-stable' },
    ]);
  });

  it('a tag that carries traffic loses only its name', () => {
    const service = aService([{ revision: name('web-1'), percent: 100, tag: 'deploy-loop-abc' }]);
    expect(planUntag(service, () => true)).toEqual([{ revision: 'web-1', percent: 100 }]);
  });

  it('tags of deleted revisions are dropped, traffic never', () => {
    const traffic = [
      { revision: name('web-0'), percent: 100 },
      { revision: name('web-0'), percent: 0, tag: 'gone' },
    ];
    expect(dropTagsOfDeleted(traffic, () => false)).toEqual([{ revision: 'web-0', percent: 100 }]);
  });
});

describe('percentsChanged', () => {
  const latest = [{ percent: 100 }];
  it.each([
    ['nothing', latest, latest, false],
    ['a tag', latest, [{ percent: 100 }, { revision: name('web-1'), percent: 0, tag: 'x' }], false],
    ['LATEST spelled as its name', latest, [{ revision: name('web-2'), percent: 100 }], false],
    ['an empty spec for LATEST', [], latest, false],
    ['another revision', latest, [{ revision: name('web-1'), percent: 100 }], true],
    ['a split', latest, [{ percent: 90 }, { revision: name('web-1'), percent: 10 }], true],
  ])('after a change of %s', (_what, traffic, after, expected) => {
    expect(percentsChanged({ traffic }, aService(after))).toBe(expected);
  });

  it('knows what LATEST meant, once it is spelled as that name', () => {
    const seen = { traffic: latest, latest: name('web-1') };
    expect(percentsChanged(seen, aService([{ revision: name('web-1'), percent: 100 }]))).toBe(false);
    expect(percentsChanged(seen, aService([{ revision: name('web-2'), percent: 100 }]))).toBe(true);
  });
});

describe('planReach', () => {
  it('needs no tag for a revision that serves alone', () => {
    expect(planReach(aService([{ percent: 100 }]), name('web-2'))).toMatchObject({ kind: 'service-url' });
  });

  it('does not trust the service URL while traffic is split or moving', () => {
    const split = [{ percent: 99 }, { revision: name('web-1'), percent: 1 }];
    expect(planReach(aService(split), name('web-2')).kind).toBe('none');
    expect(planReach(aService([{ percent: 100 }], { reconciling: true }), name('web-2')).kind).toBe(
      'pending',
    );
  });

  it('names what is missing for candidate and stable together', () => {
    const split = [{ percent: 50 }, { revision: name('web-1'), percent: 50 }];
    const tags = missingTags(aService(split), 'abcdef0123', name('web-2'), name('web-1'), {
      standingTag: true,
    });
    expect([...tags]).toEqual([
      ['deploy-loop-abcdef', 'web-2'],
      ['deploy-loop-stable', 'web-1'],
    ]);
  });
});

describe('answers while traffic spreads', () => {
  const since = now;
  const at = (ms: number) => new Date(now.getTime() + ms);
  const dated = (ms: number) =>
    ({ ...answers.good(), headers: { date: at(ms).toUTCString() } }) as ReturnType<typeof answers.good>;

  it.each([
    ['too early', answers.good(), 0, at(5_000), true],
    ['late enough', answers.good(), 0, at(10_000), false],
    ['our clock an hour ahead', dated(3_000), 0, at(3_603_000), true],
    ['our clock an hour behind, routes seen long enough', answers.good(), 10_000, at(-3_590_000), false],
    [
      "the answer's own clock far in the past, routes seen long enough",
      dated(-3_600_000),
      10_000,
      at(10_000),
      false,
    ],
  ])('%s', (_what, answer, seenForMs, clock, old) => {
    expect(isOldAnswer(answer, since, 10_000, seenForMs, clock)).toBe(old);
  });

  it('waits by the shorter of both clocks, so that a clock that is off cannot stop the guard', () => {
    expect(propagationLeftMs(since, 10_000, 0, at(4_000))).toBe(6_000);
    expect(propagationLeftMs(since, 10_000, 9_000, at(-3_600_000))).toBe(1_000);
    expect(propagationLeftMs(since, 10_000, 0, at(3_600_000))).toBeLessThanOrEqual(0);
  });
});

describe('trafficCommand', () => {
  it.each([
    [[], '--to-latest'],
    [[{ percent: 100 }, { revision: name('web-1'), percent: 0, tag: 'x' }], '--to-latest'],
    [[{ revision: name('web-2'), percent: 100 }], '--to-revisions=web-2=100'],
    [[{ percent: 80 }, { revision: name('web-1'), percent: 20 }], '--to-revisions=LATEST=80,web-1=20'],
  ])('for traffic %j ends with %s', (before, flag) => {
    expect(trafficCommand(aRef, before)).toBe(
      `gcloud run services update-traffic web --project=acme-staging --region=us-central1 ${flag}`,
    );
  });
});
