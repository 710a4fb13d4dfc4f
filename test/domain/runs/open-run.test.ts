import { describe, expect, it } from '@jest/globals';
import { openRun } from '../../../shared/domain/runs/open-run.ts';
import type { Registration } from '../../../shared/domain/runs/plan-registration.ts';
import { aRef } from '../../builders.ts';
import { aRevision, aRun, aService, aServiceRecord, now, order, traffic } from '../entities.ts';

const policy = { healthTimeoutMs: 1_000, readyTimeoutMs: 2_000, queueTimeoutMs: 3_000 };
const { configDigest } = aRun();
const newRun = {
  ref: aRef,
  name: 'web',
  configDigest,
  revision: aRevision('web-2'),
  attempt: 1,
  openedBy: 'sweep' as const,
};
const service = aService({ 'web-2': 100 });
const known = aServiceRecord({ newest: order('web-2') });
const moved = aRun({ expectedTraffic: traffic({ 'web-1': 100 }) });

describe('openRun', () => {
  it.each([
    ['a build', { openedBy: 'build' as const }, known, 'full'],
    ['the sweep, of the newest revision', {}, known, 'full'],
    ['the sweep, where nothing was ever judged', {}, undefined, 'full'],
    ['the sweep, of an older revision', { revision: aRevision('web-1') }, known, 'record'],
    ['the sweep, where somebody gave it traffic since', { attempt: 2, previous: moved }, known, 'record'],
    ['apply, of what was judged before', { openedBy: 'apply' as const, attempt: 2 }, known, 'record'],
    [
      'a person, of an older revision',
      { openedBy: 'guard' as const, revision: aRevision('web-1') },
      known,
      'full',
    ],
    ['who only observes', { openedBy: 'build' as const, observe: true }, known, 'observe'],
  ])('gives authority to %s', (_who, changes, record, authority) => {
    expect(
      openRun('current', { ...newRun, ...changes }, service, record, undefined, policy, now),
    ).toMatchObject({
      authority,
    });
  });

  it.each<[Registration, object]>([
    ['current', { state: 'open', stageDeadlineAt: new Date(now.getTime() + 1_000) }],
    ['diagnose', { state: 'open' }],
    ['wait', { state: 'waiting', stageDeadlineAt: new Date(now.getTime() + 2_000) }],
    ['queue', { state: 'waiting', stageDeadlineAt: new Date(now.getTime() + 3_000) }],
    ['late', { state: 'closed', verdict: 'superseded' }],
  ])('registered as %s', (registration, expected) => {
    expect(openRun(registration, newRun, service, known, undefined, policy, now)).toMatchObject(expected);
  });

  it('gives up what has waited for too long', () => {
    const existing = aRun({ state: 'waiting', createdAt: new Date(now.getTime() - 2_000) });
    const run = openRun('wait', newRun, service, known, existing, policy, now);
    expect(run).toMatchObject({ state: 'closed', verdict: 'inconclusive' });
  });

  it('compares with the newest older revision that is recorded good', () => {
    expect(openRun('current', newRun, service, known, undefined, policy, now).stable).toBe('web-1');
  });
});
