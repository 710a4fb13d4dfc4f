import { describe, expect, it } from '@jest/globals';
import { parseGoogleRevision } from '../../../shared/adapters/google/google-revision.ts';
import { parseGoogleService } from '../../../shared/adapters/google/service.ts';

const ref = { project: 'acme-staging', region: 'us-central1', service: 'shop' };
const full = (revision: string) =>
  `projects/acme-staging/locations/us-central1/services/shop/revisions/${revision}`;
const at = (seconds: number) => ({ seconds, nanos: 0 });

/** As a finished operation holds it: enums are numbers, int64 are Long objects. */
const decoded = {
  etag: '"abc"',
  generation: { low: 7, high: 1, unsigned: false },
  uri: 'https://shop.example.app',
  traffic: [{ type: 1, revision: '', percent: 100, tag: '' }],
  trafficStatuses: [{ type: 1, revision: '', percent: 100, tag: '', uri: '' }],
  latestReadyRevision: full('shop-00002-bcd'),
  latestCreatedRevision: full('shop-00003-bcd'),
  conditions: [
    { type: 'RoutesReady', state: 4, lastTransitionTime: { seconds: { low: 100, high: 0 }, nanos: 5e8 } },
  ],
};

describe('a service in an answer of Google', () => {
  it('is read with enums as numbers and integers as Long objects', () => {
    expect(parseGoogleService(ref, decoded)).toMatchObject({
      generation: 2n ** 32n + 7n,
      traffic: [{ revision: undefined, percent: 100, tag: undefined }],
      serving: [{ revision: 'shop-00002-bcd', percent: 100, tag: undefined, uri: undefined }],
      latestCreatedRevision: 'shop-00003-bcd',
      routesChangedAt: new Date(100_500),
      reconciling: false,
    });
  });

  it('names revisions shortly, however the API does', () => {
    const type = 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION';
    const traffic = [full('shop-00001-bcd'), 'shop-00002-bcd'].map((revision) => ({
      type,
      revision,
      percent: 50,
    }));
    const service = parseGoogleService(ref, {
      ...decoded,
      generation: '3',
      traffic,
      trafficStatuses: traffic,
    });
    expect(service.traffic.map(({ revision }) => revision)).toEqual(['shop-00001-bcd', 'shop-00002-bcd']);
    expect(service.serving.map(({ revision }) => revision)).toEqual(['shop-00001-bcd', 'shop-00002-bcd']);
  });

  it.each([
    [
      'the whole',
      { terminalCondition: { type: 'Ready', lastTransitionTime: at(50) }, updateTime: at(40) },
      50,
    ],
    ['the last update', { updateTime: at(40), createTime: at(30) }, 40],
    ['the creation', { createTime: at(30) }, 30],
  ])('falls back to the time of %s without a condition of its routes', (_, times, seconds) => {
    const service = parseGoogleService(ref, { ...decoded, conditions: [], ...times });
    expect(service.routesChangedAt).toEqual(new Date(seconds * 1_000));
  });

  it('serves nobody by LATEST while nothing is ready', () => {
    expect(parseGoogleService(ref, { ...decoded, latestReadyRevision: '' }).serving).toEqual([]);
  });

  it('is refused without an etag, or with a revision name that cannot be one', () => {
    expect(() => parseGoogleService(ref, { ...decoded, etag: undefined })).toThrow('etag');
    expect(() => parseGoogleService(ref, { ...decoded, latestReadyRevision: '../shop' })).not.toThrow();
    expect(() => parseGoogleService(ref, { ...decoded, latestReadyRevision: 'Shop_1' })).toThrow(
      'revision name',
    );
  });
});

describe('a revision in an answer of Google', () => {
  const revision = (ready: object) => ({
    name: full('shop-00001-bcd'),
    createTime: at(10),
    conditions: [
      { type: 'ContainerHealthy', state: 4 },
      { type: 'Ready', ...ready },
    ],
  });

  it.each([
    ['ready', { state: 4 }, { kind: 'ready' }],
    ['pending', { state: 'CONDITION_PENDING' }, { kind: 'pending' }],
    ['pending', { state: 'CONDITION_RECONCILING' }, { kind: 'pending' }],
    [
      'ready without traffic, which Cloud Run calls retired',
      { state: 4, revisionReason: 3 },
      { kind: 'ready' },
    ],
    ['ready while it retires', { state: 4, revisionReason: 'RETIRING' }, { kind: 'ready' }],
    [
      'failed for a reason of revisions',
      { state: 3, revisionReason: 6, message: 'no port' },
      { kind: 'failed', reason: 'HEALTH_CHECK_CONTAINER_ERROR', message: 'no port' },
    ],
    [
      'failed for a common reason',
      { state: 3, reason: 6 },
      { kind: 'failed', reason: 'CONTAINER_MISSING', message: '' },
    ],
    [
      'failed for a reason newer than this code',
      { state: 3, reason: 99 },
      { kind: 'failed', reason: '99', message: '' },
    ],
  ])('is %s', (_, ready, readiness) => {
    expect(parseGoogleRevision(revision(ready)).readiness).toEqual(readiness);
  });

  it('is pending before it has a condition', () => {
    expect(parseGoogleRevision({ ...revision({}), conditions: [] }).readiness).toEqual({ kind: 'pending' });
  });

  it('tells its minimum instances, labels and creator', () => {
    const labels = { 'gcb-build-id': 'x' };
    const parsed = parseGoogleRevision({
      ...revision({}),
      labels,
      scaling: { minInstanceCount: 2 },
      creator: 'a@b.c',
    });
    expect(parsed).toMatchObject({ name: 'shop-00001-bcd', minInstances: 2, labels, creator: 'a@b.c' });
  });
});
