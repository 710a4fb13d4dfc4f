import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readCollected } from '../../../shared/config/test-index/collected-tests.ts';
import { compareTestIndex } from '../../../shared/config/test-index/compare-test-index.ts';
import { readTestIndex } from '../../../shared/config/test-index/read-test-index.ts';
import { suitesOfIndex } from '../../../shared/config/test-index/suites-of-index.ts';

const markdown = readFileSync(new URL('../../fixtures/test-index/index.md', import.meta.url), 'utf8');
const templates = { list: 'pytest --collect-only -q {file}', run: 'pytest --junitxml={results} {tests}' };

describe('readTestIndex', () => {
  it('reads tables and lists', () => {
    expect(readTestIndex(markdown).entries).toEqual([
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
    expect(readTestIndex(text)).toEqual({ entries: [], patterns: [] });
  });

  const filesOf = (text: string) => readTestIndex(text).entries.map(({ file }) => file);

  it.each<[string, string, readonly string[]]>([
    ['a heading in words', '## API (tests/api/)\n- test_a.py', ['tests/api/test_a.py']],
    ['a heading without its slash', '## tests/api (3 tests)\n- test_a.py', ['tests/api/test_a.py']],
    ['no words', '## Input/output and/or more\n- test_a.py', ['test_a.py']],
    ['a heading in code', '## `tests/api`\n- test_a.py', ['tests/api/test_a.py']],
    ['an outer heading', '# tests/api/\n## Slow\n- v1/test_a.py', ['tests/api/v1/test_a.py']],
    ['a heading within a heading', '# tests/\n## api/\n- test_a.py', ['tests/api/test_a.py']],
    ['a heading that begins anew', '# tests/api/\n## tests/web/\n- test_a.py', ['tests/web/test_a.py']],
    ['a heading that has ended', '## tests/api/\n## Others\n- test_a.py', ['test_a.py']],
    ['a heading, which the file repeats', '## tests/api/\n- tests/api/test_a.py', ['tests/api/test_a.py']],
    ['a line', '## API\nLocation: `tests/api/`\n\n- test_a.py', ['tests/api/test_a.py']],
    ['a list item', '- `tests/api/`\n  - test_a.py', ['tests/api/test_a.py']],
    ['a column', '|Folder|File|\n|---|---|\n|tests/api/|test_a.py|', ['tests/api/test_a.py']],
  ])('keeps the folder of %s', (_what, text, files) => {
    expect(filesOf(text)).toEqual(files);
  });

  it.each<[string, string]>([
    ['of data', '- `test_a.json` - results'],
    ['with a further extension', '- test_a.py.bak'],
    ['in a sentence', '- some of them read `test_a.py`'],
    ['in a sentence with a label', '1. **Mixed**: some read `test_a.py`, others `test_b.py`'],
    ['of an example', '- Example: `test_a.py`'],
    ['in a command', '- run `python test_a.py --all`'],
    ['in a command in a table', '|Script|\n|---|\n|`pytest test_a.py`|'],
    ['in a table without files', '|Group|Text|\n|---|---|\n|A|see test_a.py|'],
    ['below a heading of commands', '## Commands\n- test_a.py'],
    ['in a block of code', '```\n- test_a.py\n```'],
    ['that helps tests', '- conftest.py - fixtures\n- load_config.py\n- all_runner.py'],
  ])('makes no suite of a file %s', (_what, text) => {
    expect(filesOf(text)).toEqual([]);
  });

  it.each<[string, string, readonly string[]]>([
    ['signs and boxes', '- [x] ✅ `test_a.py` - A', ['test_a.py']],
    ['a label', '- **Smoke**: `test_config.py`', ['test_config.py']],
    [
      'others beside it',
      '- test_a.py, `test_b.py` and test_c.py - all',
      ['test_a.py', 'test_b.py', 'test_c.py'],
    ],
    ['a heading of its own', '### `test_a.py` (3 tests)\ntext', ['test_a.py']],
    ['a column named test file', '|Test file|\n|---|\n|e2e/a.spec.ts|', ['e2e/a.spec.ts']],
  ])('finds a file with %s', (_what, text, files) => {
    expect(filesOf(text)).toEqual(files);
  });

  it.each<[string, string]>([
    ['a heading', '## Agents (`t/test_*.py`)'],
    ['a list', '## t/\n- `test_*.py` - all'],
    ['a table', '|File|Tests|\n|---|---|\n|`t/test_*.py`|9|'],
  ])('names a pattern of %s', (_what, text) => {
    expect(readTestIndex(text)).toEqual({ entries: [], patterns: ['t/test_*.py'] });
  });
});

describe('suitesOfIndex', () => {
  it('makes one suite of each file, with a name of its own', () => {
    const { entries } = readTestIndex('- a/test_x.py - A (1 tests)\n- b/test_x.py - B (1 tests)');
    expect(suitesOfIndex(entries, templates)).toMatchObject([
      { name: 'x', kind: 'command', impact: { text: 'A' }, list: 'pytest --collect-only -q a/test_x.py' },
      { name: 'x-2', impact: { text: 'B' } },
    ]);
  });

  it('gives each suite its priority and what is at risk', () => {
    const [first] = suitesOfIndex(readTestIndex(markdown).entries, templates);
    expect(first).toMatchObject({
      name: 'priority1-critical-real',
      priority: 'P1',
      impact: { mrrUsd: 120_000 },
    });
  });
});

describe('readCollected', () => {
  it.each<[string, string, Record<string, number | undefined>]>([
    ['pytest -q', 't/a.py::x\nt/a.py::T::y[1 2]\n\n2 tests collected in 0.01s', { 't/a.py': 2 }],
    [
      'pytest with warnings',
      't/a.py::x\n\n=== warnings summary ===\nt/a.py:3\n  Warning: old\n',
      { 't/a.py': 1 },
    ],
    ['pytest -qq', 't/a.py: 12\nt/b.py: 1\n', { 't/a.py': 12, 't/b.py': 1 }],
    [
      'Playwright',
      'Listing tests:\n  [one] › t/a.spec.ts:3:5 › cart › adds\n  [two] › t/a.spec.ts:3:5 › cart › adds\nTotal: 2 tests in 1 file',
      { 't/a.spec.ts': 1 },
    ],
    ['jest', '/repo/t/a.test.ts\n', { '/repo/t/a.test.ts': undefined }],
  ])('reads what %s prints', (_what, text, files) => {
    const collected = readCollected(text);
    expect(Object.fromEntries(collected.files)).toEqual(files);
    expect(collected.strange).toBeUndefined();
  });

  it('names the lines that it cannot read', () => {
    expect(readCollected('t/a.py::x\n<Module a.py>\n  <Function x>\n').strange).toEqual({
      count: 2,
      line: 2,
      text: '<Module a.py>',
    });
  });
});

describe('compareTestIndex', () => {
  const entries = readTestIndex(markdown).entries.slice(0, 3);
  const collected = new Map([
    ['tests/e2e/test_priority1_critical.py', 25],
    ['test_priority2_high.py', 10],
    ['e2e/test_priority3.py', 1],
    ['tests/test_other.py', 1],
  ]);

  it('says which files were not collected, which counts are wrong and which files it does not know', () => {
    expect(compareTestIndex(entries, collected)).toEqual([
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

  it('needs the whole path', () => {
    expect(compareTestIndex(entries.slice(1, 2), new Map([['unit/test_priority2_high.py', 20]]))).toEqual([
      { kind: 'not-collected', file: 'test_priority2_high.py', didYouMean: 'unit/test_priority2_high.py' },
      { kind: 'not-indexed', file: 'unit/test_priority2_high.py', collected: 20 },
    ]);
  });

  it.each<[string, Map<string, number | undefined>]>([
    ['they agree', new Map([['e2e/test_priority3.py', 1]])],
    ['the runner writes paths from the root', new Map([['/repo/e2e/test_priority3.py', undefined]])],
  ])('has nothing to say where %s', (_what, files) => {
    expect(compareTestIndex(entries.slice(2), files)).toEqual([]);
  });
});
