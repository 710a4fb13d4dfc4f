import { describe, expect, it } from '@jest/globals';
import {
  type ManualFacts,
  type ManualKind,
  planManual,
  refuseGainers,
} from '../../../shared/domain/traffic/plan-manual.ts';
import { aGood, aPin, aRevision, aService, aServiceRecord, name, traffic } from '../entities.ts';

const facts: ManualFacts = {
  service: aService({ 'web-2': 100 }),
  known: aServiceRecord(),
  revisions: [aRevision('web-3'), aRevision('web-2'), aRevision('web-1'), aRevision('web-0')],
  mode: 'gate',
};
const pinned = { service: aService({ 'web-1': 100 }), known: aServiceRecord({ pin: aPin() }) };

describe('planManual', () => {
  it.each<[ManualKind, string, Partial<ManualFacts>, object]>([
    ['rollback', 'goes to the newest older good one', {}, { 'web-1': 100 }],
    ['promote', 'goes to the newest ready one', {}, { 'web-3': 100 }],
    ['pin', 'stays where most users are', {}, { 'web-2': 100 }],
    ['unpin', 'returns to what was there before', pinned, { LATEST: 100 }],
  ])('%s %s', (kind, _what, changes, split) => {
    const plan = planManual(kind, {}, { ...facts, ...changes });
    expect(plan).toMatchObject({ kind: 'write', traffic: traffic({ ...split }) });
  });

  it.each<[ManualKind, string, Partial<ManualFacts>, string]>([
    [
      'rollback',
      'nothing older is good',
      { known: aServiceRecord({ lastGood: [aGood('web-3')] }) },
      'no-target',
    ],
    ['promote', 'nothing is newer', { revisions: [aRevision('web-2')] }, 'no-target'],
    ['pin', 'there is no traffic', { service: aService({}) }, 'no-target'],
    ['unpin', 'nothing is pinned', {}, 'not-pinned'],
    ['unpin', 'traffic was moved since', { ...pinned, service: facts.service }, 'not-pinned'],
  ])('%s is refused where %s', (kind, _what, changes, code) => {
    expect(planManual(kind, {}, { ...facts, ...changes })).toMatchObject({
      kind: 'refused',
      reason: { code },
    });
  });
});

describe('refuseGainers', () => {
  const denied = aRevision('web-1', { labels: { 'deploy-loop-rollback': 'never' } });
  it.each<[string, string, Partial<ManualFacts>, boolean, 'pass' | 'fail' | undefined, string | undefined]>([
    ['recorded good', 'web-1', {}, false, undefined, undefined],
    ['judged good', 'web-0', {}, false, 'pass', undefined],
    ['judged bad', 'web-0', {}, false, 'fail', 'target-unverified'],
    ['never judged', 'web-0', {}, false, undefined, 'target-unverified'],
    ['never judged, with force', 'web-0', {}, true, undefined, undefined],
    ['denied', 'web-1', { revisions: [denied] }, false, undefined, 'target-denied'],
    ['denied, with force', 'web-1', { revisions: [denied] }, true, undefined, undefined],
    ['deleted, with force', 'web-1', { revisions: [] }, true, undefined, 'target-deleted'],
  ])('of one that is %s', (_what, revision, changes, force, verdict, code) => {
    const judged = new Map([[name(revision), verdict]]);
    const refusal = refuseGainers({ force }, { ...facts, ...changes }, traffic({ [revision]: 100 }), judged);
    expect(refusal?.code).toBe(code);
  });
});
