import { describe, expect, it } from '@jest/globals';
import type { Decision } from '../../../shared/domain/runs/decision.ts';
import { decideRollback, type RollbackFacts } from '../../../shared/domain/traffic/decide-rollback.ts';
import { aGood, aRevision, aRun, aService, aServiceRecord, name, now, runId, traffic } from '../entities.ts';

const policy = {
  target: { maxAgeMs: 86_400_000, maxRevisions: 10 },
  allowance: { cooldownMs: 600_000, perDay: 3 },
};
const decision: Decision = {
  verdict: 'fail',
  reasons: [{ code: 'timeout', text: 'it is slow' }],
  action: 'rollback',
  alert: true,
};
const facts: RollbackFacts = {
  runId,
  run: aRun(),
  service: aService({ 'web-2': 100 }),
  known: aServiceRecord(),
  revisions: [aRevision('web-2'), aRevision('web-1'), aRevision('web-0')],
  decision,
  now,
};
const rollbacks = [{ from: name('web-1'), to: name('web-0'), at: now }];
const split = { 'web-0': 50, 'web-1': 50 };

describe('decideRollback', () => {
  it('goes to the newest good revision, and says why', () => {
    const plan = { kind: 'planned', target: 'web-1', traffic: traffic({ 'web-1': 100 }), why: 'it is slow' };
    expect(decideRollback(facts, policy)).toEqual(plan);
  });

  it.each<[string, Partial<RollbackFacts>, string]>([
    ['another run is current', { runId: 'ffffffffffffffffffff' as typeof runId }, 'superseded'],
    ['it has no traffic', { service: aService({ 'web-1': 100 }) }, 'no-traffic'],
    ['nothing is decided any more', { decision: undefined }, 'undecided'],
    ['the decision is another', { decision: { ...decision, action: 'none' } }, 'timeout'],
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
