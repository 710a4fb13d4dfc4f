import { describe, expect, it, test } from '@jest/globals';
import {
  type DriftFacts,
  judgeDrift,
  type SharedElsewhere,
} from '../../../shared/domain/audits/judge-drift.ts';

const policy = { gate: true, minimum: 1 };
const digest = 'europe-docker.pkg.dev/acme/web@sha256:0123';

function facts(changes: Partial<DriftFacts> = {}): DriftFacts {
  return {
    traffic: { declared: { 'web-2': 100 }, effective: { 'web-2': 100 }, reconciling: false },
    tags: [],
    settings: new Map([['image', digest]]),
    shared: new Map(),
    ...changes,
  };
}
const settings = (...entries: [string, string][]) => ({ settings: new Map([['image', digest], ...entries]) });
const shared = (name: string, ...others: SharedElsewhere[]) => ({ shared: new Map([[name, others]]) });
const elsewhere = (value?: string): SharedElsewhere => ({ service: 'backend', found: { value } });

function rowOf(changes: Partial<DriftFacts>, what: string) {
  return judgeDrift(facts(changes), policy).rows.find((row) => row.what === what);
}

describe('drift', () => {
  it('is none where everything is as declared', () => {
    expect(judgeDrift(facts(), policy)).toMatchObject({ status: 'pass', score: 1, gate: true });
  });

  it('has the share of its good rows as its score', () => {
    const audit = judgeDrift(facts({ tags: [{ tag: 'old', exists: false }] }), policy);
    expect(audit).toMatchObject({ status: 'fail', score: 0.75 });
    expect(
      judgeDrift(facts({ tags: [{ tag: 'old', exists: false }] }), { gate: true, minimum: 0.7 }),
    ).toMatchObject({
      status: 'pass',
    });
  });

  test.each<[string, string, Partial<DriftFacts>, string]>([
    [
      'traffic that is not in effect',
      'traffic',
      { traffic: { declared: { 'web-2': 100 }, effective: { 'web-1': 100 }, reconciling: false } },
      'bad',
    ],
    [
      'traffic that Cloud Run is moving',
      'traffic',
      { traffic: { declared: { 'web-2': 100 }, effective: { 'web-1': 100 }, reconciling: true } },
      'unknown',
    ],
    ['traffic that cannot be read', 'traffic', { traffic: { unread: 'denied' } }, 'unknown'],
    ['a tag of a deleted revision', 'tags', { tags: [{ tag: 'old', exists: false }] }, 'bad'],
    ['a tag of a revision that exists', 'tags', { tags: [{ tag: 'blue', exists: true }] }, 'good'],
    [
      'an image by tag',
      'image by digest',
      { settings: new Map([['image', 'gcr.io/acme/web:latest']]) },
      'bad',
    ],
    [
      'the image of a sidecar by tag',
      'image by digest',
      settings(['containers.proxy.image', 'envoy:1']),
      'bad',
    ],
    ['a secret of version latest', 'pinned secrets', settings(['env.KEY', 'secret key:latest']), 'bad'],
    [
      'a secret in a sidecar',
      'pinned secrets',
      settings(['containers.proxy.env.KEY', 'secret k:latest']),
      'bad',
    ],
    [
      'a secret in a volume',
      'pinned secrets',
      settings(['volumes.k.secret.items.0.version', 'latest']),
      'bad',
    ],
    ['a secret of version 3', 'pinned secrets', settings(['env.KEY', 'secret key:3']), 'good'],
    ['a value that ends alike', 'pinned secrets', settings(['env.CHANNEL', 'stable:latest']), 'good'],
    ['settings that cannot be read', 'pinned secrets', { settings: { unread: 'deleted' } }, 'unknown'],
    [
      'the same value',
      'env.ISS',
      { ...settings(['env.ISS', 'a']), ...shared('ISS', elsewhere('a')) },
      'good',
    ],
    ['another value', 'env.ISS', { ...settings(['env.ISS', 'a']), ...shared('ISS', elsewhere('b')) }, 'bad'],
    ['a value that is set nowhere', 'env.ISS', shared('ISS', elsewhere()), 'good'],
    [
      'a value that the other lacks',
      'env.ISS',
      { ...settings(['env.ISS', 'a']), ...shared('ISS', elsewhere()) },
      'bad',
    ],
    ['nobody to share it with', 'env.ISS', { ...settings(['env.ISS', 'a']), ...shared('ISS') }, 'unknown'],
    [
      'another service that cannot be read',
      'env.ISS',
      { ...settings(['env.ISS', 'a']), ...shared('ISS', { service: 'backend', found: { unread: 'gone' } }) },
      'unknown',
    ],
  ])('of %s', (_what, row, changes, state) => {
    expect(rowOf(changes, row)).toMatchObject({ state });
    const { status } = judgeDrift(facts(changes), policy);
    expect(status).toBe({ good: 'pass', bad: 'fail', unknown: 'unknown' }[state]);
  });

  it('shows values that differ, and none of a name that sounds like a secret', () => {
    const issuer = { ...settings(['env.ISS', 'https://a']), ...shared('ISS', elsewhere('https://b')) };
    expect(rowOf(issuer, 'env.ISS')).toMatchObject({ value: 'https://a', note: 'backend has https://b' });
    const key = { ...settings(['env.JWT_SECRET', 'abc']), ...shared('JWT_SECRET', elsewhere('def')) };
    const told = JSON.stringify(rowOf(key, 'env.JWT_SECRET'));
    expect(told).toContain('(hidden)');
    expect(told).not.toMatch(/abc|def/);
  });

  it('compares secrets by name and version', () => {
    const same = { ...settings(['env.KEY', 'secret k:3']), ...shared('KEY', elsewhere('secret k:4')) };
    expect(rowOf(same, 'env.KEY')).toMatchObject({ state: 'bad', value: 'secret k:3' });
  });

  it('tells what a deploy has changed, which is no drift', () => {
    const changes = [{ field: 'env.A', before: '1', after: '2' }];
    expect(rowOf({ changes }, 'changes since stable')).toMatchObject({
      state: 'told',
      value: '1',
      note: 'env.A',
    });
    expect(judgeDrift(facts({ changes }), policy)).toMatchObject({ status: 'pass', score: 1 });
  });
});
