import { expect, it } from '@jest/globals';
import { type PlannedSuite, planChecks } from '../../../shared/domain/checks/plan-checks.ts';
import { testKeyOf } from '../../../shared/domain/checks/test-history.ts';

const suite = (name: string, changes: Partial<PlannedSuite> = {}): PlannedSuite => ({
  name,
  kind: 'http',
  priority: 'P1',
  startupMs: 0,
  guessMs: 5_000,
  ...changes,
});
const checksOf = (of: PlannedSuite, count: number, group?: string) =>
  Array.from({ length: count }, (_, n) => ({
    suite: of,
    id: `${of.name}-${n}`,
    file: undefined,
    group,
    quarantined: false,
  }));
const [major, minor] = [suite('major'), suite('minor', { priority: 'P4' })];
const failed = (of: PlannedSuite, id: string) =>
  new Map([[testKeyOf(of.name, id), { greenMs: [], results: 'f' }]]);

it.each([
  ['what failed lately', failed(minor, 'minor-0'), 'minor'],
  [
    'the important suite, where both failed',
    new Map([...failed(minor, 'minor-0'), ...failed(major, 'major-0')]),
    'major',
  ],
])('planChecks begins with %s', (_what, histories, first) => {
  const shards = planChecks([...checksOf(minor, 2), ...checksOf(major, 2)], 2, histories);
  expect(shards[0]?.suite).toBe(first);
});

it.each([
  ['checks of which nothing is known', suite('slow'), 12],
  ['slower ones', suite('slow', { guessMs: 60_000 }), 1],
  ['those of a command', suite('slow', { kind: 'command', startupMs: 10 }), 20],
])('planChecks puts few %s into one shard', (_what, of, most) => {
  const shards = planChecks(checksOf(of, 40), 1, new Map());
  expect(Math.max(...shards.map(({ checks }) => checks.length))).toBe(most);
});
