import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { compareTestIndex } from '../../../shared/config/test-index/compare-test-index.ts';
import { readTestIndex } from '../../../shared/config/test-index/read-test-index.ts';
import { suitesOfIndex } from '../../../shared/config/test-index/suites-of-index.ts';

const markdown = readFileSync(new URL('../../fixtures/test-index/index.md', import.meta.url), 'utf8');
const templates = { list: 'pytest --collect-only -q {file}', run: 'pytest --junitxml={results} {tests}' };

describe('readTestIndex', () => {
  it('reads tables and lists', () => {
    expect(readTestIndex(markdown)).toEqual([
      {
        file: 'test_priority1_critical_REAL.py',
        priority: 'P1',
        tests: 25,
        category: 'Priority suites',
        text: 'Core platform, $120K+ MRR at risk',
        mrrUsd: 120_000,
      },
      {
        file: 'test_priority2_high.py',
        priority: 'P2',
        tests: 20,
        category: 'Priority suites',
        text: 'Key features ($80K)',
        mrrUsd: 80_000,
      },
      { file: 'e2e/test_priority3.py', priority: 'P3', category: 'Priority suites', text: 'Workflows' },
      { file: 'test_agent_pipeline.py', tests: 6, category: 'Agents', text: 'Agent execution' },
      { file: 'test_agents.py', tests: 1_200, category: 'Agents', text: 'Orchestration, 1,200 tests in all' },
      { file: 'nested/test_tools.py', tests: 2, category: 'Agents', text: 'Tools' },
      { file: 'test_load.py', priority: 'P5', category: 'P5 Scale', text: 'Load' },
    ]);
  });

  it.each([
    ['nothing', ''],
    ['prose', 'There are no files here, only 3 tests.'],
    ['a table without files', '| A | B |\n|---|---|\n| 1 | 2 |'],
  ])('finds nothing in %s', (_what, text) => {
    expect(readTestIndex(text)).toEqual([]);
  });
});

describe('suitesOfIndex', () => {
  it('makes one suite of each file, with a name of its own', () => {
    const entries = readTestIndex('- a/test_x.py - A (1 tests)\n- b/test_x.py - B (1 tests)');
    expect(suitesOfIndex(entries, templates)).toMatchObject([
      { name: 'x', kind: 'command', impact: { text: 'A' }, list: 'pytest --collect-only -q a/test_x.py' },
      { name: 'x-2', impact: { text: 'B' } },
    ]);
  });

  it('gives each suite its priority and what is at risk', () => {
    const [first] = suitesOfIndex(readTestIndex(markdown), templates);
    expect(first).toMatchObject({
      name: 'priority1-critical-real',
      priority: 'P1',
      impact: { mrrUsd: 120_000 },
    });
  });
});

describe('compareTestIndex', () => {
  const entries = readTestIndex(markdown).slice(0, 3);
  const ids = [
    ...Array.from({ length: 25 }, (_, n) => `tests/e2e/test_priority1_critical.py::test_${n}`),
    ...Array.from({ length: 10 }, (_, n) => `tests/e2e/test_priority2_high.py::test_${n}`),
    'tests/e2e/test_priority3.py::test_a',
    'tests/test_other.py::test_b',
  ];

  it('says which files were not collected, which counts are wrong and which files it does not know', () => {
    expect(compareTestIndex(entries, ids)).toEqual([
      {
        kind: 'not-collected',
        file: 'test_priority1_critical_REAL.py',
        didYouMean: 'tests/e2e/test_priority1_critical.py',
      },
      { kind: 'count', file: 'test_priority2_high.py', indexed: 20, collected: 10 },
      { kind: 'not-indexed', file: 'tests/e2e/test_priority1_critical.py', collected: 25 },
      { kind: 'not-indexed', file: 'tests/test_other.py', collected: 1 },
    ]);
  });

  it('has nothing to say where they agree', () => {
    expect(compareTestIndex(entries.slice(2), ['tests/e2e/test_priority3.py::test_a'])).toEqual([]);
  });
});
