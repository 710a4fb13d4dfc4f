import { describe, expect, it } from '@jest/globals';
import { decideAbort, decideRollback } from '../../../shared/domain/traffic/decide-rollback.ts';
import { refuseExpired, type ShiftFacts } from '../../../shared/domain/traffic/refuse-shift.ts';
import {
  aGood,
  aPin,
  aRevision,
  aRun,
  aService,
  aServiceRecord,
  madeAt,
  name,
  now,
  runId,
  traffic,
} from '../entities.ts';

const policy = {
  target: { maxAgeMs: 86_400_000, maxRevisions: 10 },
  allowance: { cooldownMs: 600_000, perDay: 3 },
};
const run = aRun({ reasons: [{ code: 'timeout', text: 'it is slow' }] });
const facts: ShiftFacts = {
  runId,
  run,
  service: aService({ 'web-2': 100 }),
  known: aServiceRecord(),
  now,
  revisions: [aRevision('web-2'), aRevision('web-1'), aRevision('web-0')],
};
const humanPin = aPin({ owner: 'human', after: traffic({ 'web-2': 100 }) });
const aMigration = aRevision('web-2', { labels: { 'deploy-loop-migration': 'true' } });
const rollbacks = [{ from: name('web-1'), to: name('web-0'), at: now }];
const split = { 'web-0': 50, 'web-1': 50 };

describe('decideRollback', () => {
  it('goes to the newest good revision, and says why', () => {
    const plan = { kind: 'planned', target: 'web-1', traffic: traffic({ 'web-1': 100 }), why: 'it is slow' };
    expect(decideRollback(facts, policy)).toEqual(plan);
  });

  it.each<[string, Partial<ShiftFacts>, string]>([
    ['another run is current', { runId: 'ffffffffffffffffffff' as typeof runId }, 'superseded'],
    ['it has no traffic', { service: aService({ 'web-1': 100 }) }, 'no-traffic'],
    ['a person has pinned it', { known: aServiceRecord({ pin: humanPin }) }, 'human-pin'],
    [
      'traffic was moved',
      { run: aRun({ expectedTraffic: traffic({ 'web-2': 90, 'web-1': 10 }) }) },
      'traffic-changed',
    ],
    [
      'a revision in between changed a schema',
      { revisions: [aMigration, ...facts.revisions.slice(1)] },
      'migration',
    ],
    [
      'the good one was made anew',
      { revisions: [aRevision('web-2'), aRevision('web-1', { createTime: madeAt('web-0') })] },
      'target-deleted',
    ],
    ['one was made just now', { known: aServiceRecord({ rollbacks }) }, 'cooldown'],
    ['no revision is good', { known: aServiceRecord({ lastGood: [] }) }, 'no-target'],
  ])('refuses where %s', (_what, changes, code) => {
    expect(decideRollback({ ...facts, ...changes }, policy)).toMatchObject({
      kind: 'refused',
      reason: { code },
    });
  });

  it('takes back what the guard gave, also just after a rollback', () => {
    const run = aRun({ baseline: traffic({ 'web-1': 100 }) });
    const plan = decideRollback({ ...facts, run, known: aServiceRecord({ rollbacks }) }, policy);
    expect(plan).toMatchObject({ kind: 'planned', target: 'web-1' });
  });

  it.each([
    ['good', [aGood('web-1'), aGood('web-0')], split],
    ['not known to be good', [aGood('web-1')], { 'web-1': 100 }],
    ['left by a human', [aGood('web-1'), aGood('web-0', { movedAway: true })], { 'web-1': 100 }],
  ])('returns to a split whose parts are %s', (_what, lastGood, expected) => {
    const run = aRun({ baseline: traffic(split) });
    const plan = decideRollback({ ...facts, run, known: aServiceRecord({ lastGood }) }, policy);
    expect(plan).toMatchObject({ traffic: traffic(expected) });
  });
});

describe('decideAbort', () => {
  const canary = {
    service: aService({ 'web-2': 10, 'web-1': 90 }),
    run: aRun({ baseline: traffic({ 'web-1': 100 }) }),
  };

  it('gives the share back', () => {
    const plan = decideAbort({ ...facts, ...canary });
    expect(plan).toMatchObject({ kind: 'planned', traffic: traffic({ 'web-1': 100 }), target: 'web-1' });
  });

  it.each([
    ['it has none', { ...canary, service: aService({ 'web-1': 100 }) }, 'no-traffic'],
    ['the guard gave it none', { ...canary, run: aRun() }, 'no-target'],
  ])('does nothing where %s', (_what, changes, code) => {
    expect(decideAbort({ ...facts, ...changes })).toMatchObject({ kind: 'refused', reason: { code } });
  });
});

it.each([
  ['a rollback decided', 'rollback', undefined, 15, undefined],
  ['a rollback decided', 'rollback', undefined, 16, 'expired'],
  ['a request made', 'rollback', { actor: 'ann', why: '', force: false }, 16, 'expired'],
  ['what moves no traffic, decided', 'mark-good', undefined, 600, undefined],
] as const)('%s (%s, %j) %s minutes ago is refused as %s', (_what, kind, request, minutes, code) => {
  expect(refuseExpired({ kind, request }, minutes * 60_000)?.code).toBe(code);
});
