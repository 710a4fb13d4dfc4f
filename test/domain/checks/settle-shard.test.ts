import { expect, it } from '@jest/globals';
import type { CheckResult, Outcome } from '../../../shared/domain/checks/check-result.ts';
import type { RunSuite } from '../../../shared/domain/checks/planned-shard.ts';
import { executionsOf, isRemarkable, settleShard } from '../../../shared/domain/checks/settle-shard.ts';

const ran = (outcome: Outcome, durationMs: number, requests?: number): CheckResult => ({
  id: 'a',
  outcome,
  durationMs,
  requests,
});
const regression = {
  candidate: [ran('failed', 9), ran('failed', 9), ran('failed', 9)],
  stable: ran('passed', 1),
  confirmed: true,
};

it.each<[string, RunSuite['kind'], 'report' | 'not-run', Parameters<typeof executionsOf>[0], string]>([
  ['passed', 'http', 'report', { candidate: [ran('passed', 1)] }, 'passed'],
  ['passed in no time', 'command', 'report', { candidate: [ran('passed', 1)] }, 'suspect'],
  [
    'passed in a time that nobody knows',
    'command',
    'not-run',
    { candidate: [{ ...ran('passed', 0), untimed: true }] },
    'passed',
  ],
  ['passed in time', 'command', 'report', { candidate: [ran('passed', 9)] }, 'passed'],
  ['passed without a request', 'http', 'report', { candidate: [ran('passed', 9, 0)] }, 'suspect'],
  ['regressed, stable in no time', 'command', 'not-run', regression, 'uncompared'],
  ['regressed, stable in no time', 'command', 'report', regression, 'regression'],
  ['did not run', 'http', 'report', undefined, 'not-run'],
])('what %s, of kind %s, where suspect is %s', (_what, kind, suspect, attempts, settlement) => {
  const shard = { suite: 'api', expectedMs: 1, checks: [{ id: 'a' }] };
  const known = new Map(attempts ? [['a', attempts]] : []);
  const [check] = settleShard(shard, known, [{ name: 'api', kind, priority: 'P1' }], { floorMs: 5, suspect });
  expect(check).toMatchObject({ id: 'a', priority: 'P1', settlement });
});

it.each([
  [undefined, 0],
  [{ candidate: [ran('passed', 1)] }, 1],
  [regression, 4],
])('counts the executions of %j', (attempts, count) => expect(executionsOf(attempts)).toBe(count));

it.each([
  ['passed', false],
  ['skipped', false],
  ['not-run', false],
  ['flaky', true],
  ['suspect', true],
] as const)('%s is remarkable: %s', (settlement, is) => expect(isRemarkable({ settlement })).toBe(is));
