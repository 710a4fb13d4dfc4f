import { describe, expect, it } from '@jest/globals';
import { CommandSuiteSchema } from '../../../shared/contracts/suites/command-suite.ts';
import { shardBudgetMs } from '../../../shared/services/checks/shard-budget.ts';
import { aSuite as anHttpSuite } from '../../builders.ts';

const shard = { suite: 'e2e', expectedMs: 60_000, checks: [{ id: 'a' }] };
const aSuite = (changes: object = {}) =>
  CommandSuiteSchema.parse({
    name: 'e2e',
    kind: 'command',
    list: 'l',
    run: 'r {tests} {results}',
    ...changes,
  });
const job = 'projects/acme-staging/locations/us-central1/jobs/my-tests';

describe('what a shard of commands may take', () => {
  it('has room for the start of a container, for each time that its tests are run', () => {
    const suite = aSuite({ startup: '5s' });
    const inJob = shardBudgetMs(shard, aSuite({ startup: '5s', job }));
    expect(inJob - shardBudgetMs(shard, suite)).toBe(4 * 35_000);
  });

  it('ends with its own time limits, a container included', () => {
    const suite = aSuite({ suiteTimeout: '10s', timeout: '5s', job });
    expect(shardBudgetMs(shard, suite)).toBe(4 * (10_000 + 33_000) + 12_000);
  });

  it('is a small part of what all its limits together would be, so that a lost job is noticed', () => {
    expect(shardBudgetMs(shard, aSuite({ job }))).toBeLessThan(8 * 60_000);
  });
});

describe('the pauses before a check is believed', () => {
  it.each([
    ['0s', 1, 0],
    ['2s', 1, 2_000 + 10_000],
    ['2s', 5, 2_000 + 4_000 + 8_000 + 10_000 + 10_000 + 10_000],
    ['500ms', 1, 500 + 5_000],
    ['1m', 1, 60_000 + 300_000],
  ])('of %s with %i retries are part of what its shard may take', (retryPause, retries, pausesMs) => {
    const suite = { timeout: '20s', retries };
    const withPauses = shardBudgetMs(shard, anHttpSuite({ ...suite, retryPause }));
    expect(withPauses - shardBudgetMs(shard, anHttpSuite({ ...suite, retryPause: '0s' }))).toBe(pausesMs);
  });
});

describe('what a shard of checks that the config describes may take', () => {
  it('has room for those that nobody has seen yet, and that are slow', () => {
    const checks = Array.from({ length: 12 }, (_, n) => ({ id: `check ${n}` }));
    const described = { suite: 'api', expectedMs: 2_400, checks };
    const suite = anHttpSuite({ timeout: '20s' });
    const [known, unknown] = [described, { ...described, unknown: 12 }].map((one) =>
      shardBudgetMs(one, suite),
    );
    expect(unknown).toBe((known ?? 0) - 3 * 2_400 + 12 * 5_000);
    const brief = anHttpSuite({ timeout: '100ms' });
    expect(shardBudgetMs({ ...described, unknown: 12 }, brief)).toBe(shardBudgetMs(described, brief));
  });
});
