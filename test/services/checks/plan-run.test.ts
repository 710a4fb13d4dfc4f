import { describe, expect, it } from '@jest/globals';
import type { TestHistoryEntry } from '../../../shared/contracts/records.ts';
import type { Suite } from '../../../shared/contracts/suites/suite.ts';
import { testKeyOf } from '../../../shared/domain/checks/test-history.ts';
import type { RunCheck } from '../../../shared/services/checks/collect-checks.ts';
import { planRun } from '../../../shared/services/checks/plan-run.ts';
import { aServiceConfig, aSuite } from '../../builders.ts';

const config = aServiceConfig({ tests: { ...aServiceConfig().tests, workers: 2 } });
const many = (n: number, prefix: string) => Array.from({ length: n }, (_, k) => `${prefix}-${k}`);

const checksOf = (suite: Suite, ids: readonly string[], group?: string): RunCheck[] =>
  ids.map((id) => ({ suite, id, file: undefined, group, quarantined: false, warns: false }));

/** Histories of these tests, by their latest results. */
const histories = (suite: Suite, results: Readonly<Record<string, string>>) =>
  new Map(
    Object.entries(results).map(([id, letters]): [string, TestHistoryEntry] => {
      const key = testKeyOf(suite.name, id);
      return [key, { key, suite: suite.name, id, greenMs: [100], results: letters, seenAt: new Date(0) }];
    }),
  );

const idsOf = (shards: ReturnType<typeof planRun>) => shards.map(({ checks }) => checks.map(({ id }) => id));

describe('planRun', () => {
  it('puts every check into one shard', () => {
    const suite = aSuite();
    const ids = idsOf(planRun(checksOf(suite, many(200, 'a')), config, new Map())).flat();
    expect(ids.toSorted()).toEqual(many(200, 'a').sort());
  });

  it('begins with what failed lately, whatever its priority', () => {
    const [major, minor] = [
      aSuite({ name: 'major', priority: 'P1' }),
      aSuite({ name: 'minor', priority: 'P5' }),
    ];
    const checks = [...checksOf(major, many(50, 'a')), ...checksOf(minor, many(50, 'b'))];
    const [first] = idsOf(planRun(checks, config, histories(minor, { 'b-7': 'pppf', 'b-8': 'fppp' })));
    expect(first).toEqual(['b-7']);
  });

  it('begins with the priority that matters most, among what failed lately', () => {
    const [major, minor] = [
      aSuite({ name: 'major', priority: 'P1' }),
      aSuite({ name: 'minor', priority: 'P5' }),
    ];
    const checks = [...checksOf(minor, many(9, 'b')), ...checksOf(major, many(9, 'a'))];
    const known = new Map([...histories(minor, { 'b-1': 'f' }), ...histories(major, { 'a-1': 'f' })]);
    expect(idsOf(planRun(checks, config, known)).slice(0, 2)).toEqual([['a-1'], ['b-1']]);
  });

  it('keeps a group together also where one of it failed lately', () => {
    const suite = aSuite();
    const checks = [...checksOf(suite, many(50, 'a')), ...checksOf(suite, many(4, 'g'), 'chain')];
    const shards = idsOf(planRun(checks, config, histories(suite, { 'g-2': 'pf' })));
    expect(shards.filter((ids) => ids.some((id) => id.startsWith('g-')))).toEqual([many(4, 'g')]);
  });

  it('keeps a group in the order in which it was collected, whatever its checks take', () => {
    const suite = aSuite();
    const chain = many(6, 'g');
    const known = new Map(
      [...histories(suite, Object.fromEntries(chain.map((id) => [id, 'p'])))].map(([key, entry], n) => [
        key,
        { ...entry, greenMs: [((n * 5) % 7) * 1_000] },
      ]),
    );
    const checks = [...checksOf(suite, many(20, 'a')), ...checksOf(suite, chain, 'chain')];
    const shards = idsOf(planRun(checks, config, known));
    expect(
      shards.map((ids) => ids.filter((id) => chain.includes(id))).filter((ids) => ids.length > 0),
    ).toEqual([chain]);
  });

  it.each<[string, readonly string[]]>([
    ['many checks', many(1_200, 'g')],
    ['long ids', many(60, 'x'.repeat(10_000))],
  ])('takes a group apart that no document can hold: %s', (_what, all) => {
    const suite = aSuite();
    const shards = idsOf(planRun(checksOf(suite, all, 'chain'), config, new Map()));
    expect(shards.flat()).toHaveLength(all.length);
    for (const ids of shards) {
      expect(ids.length).toBeLessThanOrEqual(500);
      expect(ids.join('').length).toBeLessThan(320_000);
    }
  });

  it('holds few checks in a shard whose durations nobody knows, but for a group', () => {
    const suite = aSuite({ timeout: '10s' });
    const known = histories(suite, Object.fromEntries(many(400, 'a').map((id) => [id, 'p'])));
    const checks = [...checksOf(suite, many(400, 'a')), ...checksOf(suite, many(30, 'g'), 'chain')];
    const sizes = idsOf(planRun(checks, config, new Map())).map(({ length }) => length);
    expect(sizes.toSorted((a, b) => b - a).slice(0, 2)).toEqual([30, 12]);
    const after = idsOf(planRun(checks.slice(0, 400), config, known)).map(({ length }) => length);
    expect(Math.max(...after)).toBeGreaterThan(50);
  });

  it('keeps a shard within what one document can hold', () => {
    const suite = aSuite();
    const long = many(300, 'x'.repeat(10_000));
    const shards = idsOf(
      planRun(checksOf(suite, long), { ...config, tests: { ...config.tests, workers: 1 } }, new Map()),
    );
    expect(shards.flat().toSorted()).toEqual(long.toSorted());
    for (const ids of shards) expect(ids.join('').length).toBeLessThan(320_000);
  });
});
