import { expect, it } from '@jest/globals';
import { refuseShift, type ShiftFacts } from '../../../shared/domain/traffic/refuse-shift.ts';
import {
  aPin,
  aRevision,
  aRun,
  aService,
  aServiceRecord,
  name,
  now,
  order,
  runId,
  traffic,
} from '../entities.ts';

const facts: ShiftFacts = {
  runId,
  run: aRun({ expectedTraffic: traffic({ 'web-2': 100 }) }),
  service: aService({ 'web-2': 100 }),
  known: aServiceRecord(),
  now,
  revisions: [aRevision('web-2'), aRevision('web-1')],
};
const other = { ...order('web-3'), runId: 'ffffffffffffffffffff' as typeof runId };
const newer = [aRevision('web-3'), ...facts.revisions];
const tagged = aService(
  { 'web-2': 100 },
  { traffic: [...traffic({ 'web-2': 100 }), { revision: name('web-3'), percent: 0, tag: 'pr-3' }] },
);

it.each<[string, Partial<ShiftFacts>, 'ready' | 'deployed' | 'serving', string | undefined]>([
  ['it is current and nobody is newer', {}, 'ready', undefined],
  ['another run is current', { known: aServiceRecord({ currentRun: other }) }, 'serving', 'superseded'],
  ['nothing is known of the service', { known: undefined }, 'serving', 'superseded'],
  ['it may only tell', { run: aRun({ authority: 'record' }) }, 'serving', 'record'],
  [
    'a human has pinned',
    { known: aServiceRecord({ pin: aPin({ owner: 'human', after: traffic({ 'web-2': 100 }) }) }) },
    'serving',
    'human-pin',
  ],
  ['the guard has pinned', { known: aServiceRecord({ pin: aPin() }) }, 'serving', undefined],
  ['a newer one is ready', { revisions: newer }, 'ready', 'newer-revision'],
  ['a newer one is ready, and has no users', { revisions: newer }, 'serving', undefined],
  ['a newer one is ready, without a tag', { revisions: newer }, 'deployed', 'newer-revision'],
  ['a newer one is a preview', { revisions: newer, service: tagged }, 'deployed', undefined],
  [
    'a newer one is to be promoted by its tag',
    { revisions: newer, service: tagged },
    'ready',
    'newer-revision',
  ],
  [
    'a newer one has users',
    { revisions: newer, service: aService({ 'web-3': 10, 'web-2': 90 }) },
    'serving',
    'newer-revision',
  ],
  [
    'traffic follows LATEST to a newer one',
    { revisions: newer, service: aService({ LATEST: 100 }) },
    'serving',
    'newer-revision',
  ],
  ['a human moved traffic', { service: aService({ 'web-1': 100 }) }, 'serving', 'traffic-changed'],
])('refuseShift where %s', (_what, changes, what, code) => {
  expect(refuseShift({ ...facts, ...changes }, what)?.code).toBe(code);
});
