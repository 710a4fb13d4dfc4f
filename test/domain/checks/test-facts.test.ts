import { describe, expect, it } from '@jest/globals';
import { perPriority } from '../../../shared/domain/checks/gates.ts';
import type { RunSuite } from '../../../shared/domain/checks/planned-shard.ts';
import { type ReadShard, testFactsOf } from '../../../shared/domain/checks/test-facts.ts';
import { now } from '../entities.ts';

const head = { shards: 2, counted: perPriority(() => 1), problems: [] };
const suites: readonly RunSuite[] = [
  { name: 'api', kind: 'http', priority: 'P2' },
  { name: 'unit', kind: 'command', priority: 'P3' },
];
const plan = [
  { suite: 'api', expectedMs: 1, checks: [{ id: 'a', quarantined: true }, { id: 'b' }] },
  { suite: 'unit', expectedMs: 1, checks: [{ id: 'c' }] },
];
const passed = { settlement: 'passed' as const, durationMs: 5 };
const first: ReadShard = { i: 0, checks: [passed], storedAt: now };
const second: ReadShard = { i: 1, checks: [passed], storedAt: now, burst: 'refused' };

describe('testFactsOf', () => {
  it('takes from the plan what a check is, and what did not run', () => {
    const { checks } = testFactsOf(head, plan, [first], suites, undefined);
    expect(checks).toMatchObject([
      { id: 'a', priority: 'P2', quarantined: true, settlement: 'passed' },
      { id: 'b', priority: 'P2', quarantined: false, settlement: 'not-run' },
    ]);
  });

  it.each([
    ['no shard', [], { count: 3, first: ['a', 'b', 'c'] }, undefined],
    ['one shard', [first], { count: 1, first: ['c'] }, undefined],
    ['a burst', [first, second], { count: 0, first: [] }, now],
  ])('with %s', (_what, shards, missing, burstAt) => {
    const facts = testFactsOf(head, plan, shards, suites, undefined);
    expect(facts).toMatchObject({ shardsIn: shards.length, missing });
    expect(facts.burstAt).toEqual(burstAt);
  });

  it.each([
    ['requests', 'passed'],
    ['unknown', 'passed'],
    ['nothing', 'suspect'],
  ] as const)('where its log shows %s, a command that passed is %s', (seen, settlement) => {
    const { checks } = testFactsOf(head, plan, [first, second], suites, seen);
    expect(checks.find(({ id }) => id === 'c')?.settlement).toBe(settlement);
    expect(checks.find(({ id }) => id === 'a')?.settlement).toBe('passed');
  });
});
