import { describe, expect, it, test } from '@jest/globals';
import { foldRetries } from '../../shared/test-reports/fold-retries.ts';
import { matchResults as matchTests } from '../../shared/test-reports/match-results.ts';
import type { TestCase, TestOutcome } from '../../shared/test-reports/test-case.ts';
import { readReport } from './read-report.ts';

function aCase(fields: Partial<TestCase> = {}): TestCase {
  const { file, className, name = 'a' } = fields;
  const id = [file, className, name].filter((part) => part !== undefined).join('::');
  return {
    id,
    name,
    suites: [],
    suite: 1,
    outcome: 'passed',
    flaky: false,
    reruns: 0,
    ...fields,
  };
}

const matchResults = (ids: readonly string[], cases: readonly TestCase[]) =>
  matchTests(ids, foldRetries(cases));

const attempts = (...outcomes: readonly TestOutcome[]) => outcomes.map((outcome) => aCase({ outcome }));

describe('foldRetries', () => {
  test.each<[readonly TestOutcome[], TestOutcome, boolean]>([
    [['passed'], 'passed', false],
    [['failed', 'passed'], 'passed', true],
    [['errored', 'failed', 'passed'], 'passed', true],
    [['passed', 'passed'], 'passed', false],
    [['passed', 'failed'], 'failed', false],
    [['failed', 'failed'], 'failed', false],
    [['errored', 'errored'], 'errored', false],
    [['failed', 'errored'], 'failed', false],
    [['failed', 'skipped'], 'failed', false],
    [['skipped', 'passed'], 'passed', false],
    [['passed', 'skipped'], 'passed', false],
    [['skipped', 'skipped'], 'skipped', false],
  ])('takes %j for %s, flaky: %p', (outcomes, outcome, flaky) => {
    expect(foldRetries(attempts(...outcomes))).toMatchObject([{ outcome, flaky }]);
  });

  test.each<[string, Partial<TestCase>]>([
    ['file', { file: 'b' }],
    ['class', { className: 'B' }],
    ['name', { name: 'b' }],
    ['suite', { suite: 2 }],
    ['line', { line: '7' }],
  ])('keeps a failure that another %s does not excuse', (_what, fields) => {
    const folded = foldRetries([aCase({ outcome: 'failed' }), aCase(fields)]);
    expect(folded).toMatchObject([{ outcome: 'failed' }, { outcome: 'passed', flaky: false }]);
  });

  it('keeps what the report itself calls flaky', () => {
    expect(foldRetries([aCase({ flaky: true })])).toMatchObject([{ outcome: 'passed', flaky: true }]);
  });
});

describe('matchResults', () => {
  test.each<[string, string, Partial<TestCase>]>([
    ['its id', 'a.ts::Cart::adds', { file: 'a.ts', className: 'Cart', name: 'adds' }],
    ['a pytest id', 'tests/test_a.py::test_b', { className: 'tests.test_a', name: 'test_b' }],
    ['a pytest class', 'tests/test_a.py::TestX::test_y', { className: 'tests.test_a.TestX', name: 'test_y' }],
    ['a nested class', 'test_a.py::X::Y::test_z', { className: 'test_a.X.Y', name: 'test_z' }],
    [
      'a parameter',
      'a/test_a.py::test_b[x::y/z.py::[1]]',
      { className: 'a.test_a', name: 'test_b[x::y/z.py::[1]]' },
    ],
    ['a parameter of two lines', 't.py::test_b[x\ny]', { className: 't', name: 'test_b[x\ny]' }],
    ['class and name', 'shop.Cart.adds', { className: 'shop.Cart', name: 'adds' }],
    ['class#name', 'shop.Cart#adds', { className: 'shop.Cart', name: 'adds' }],
    ['package/name', 'acme/shop/TestAdds', { className: 'acme/shop', name: 'TestAdds' }],
    ['its suite and name', 'shop::cart adds', { suites: ['all', 'shop::cart'], name: 'adds' }],
    ['its file', 'src/a.test.ts', { file: 'src/a.test.ts' }],
    ['its file, written otherwise', './src/a.test.ts', { file: 'src\\a.test.ts' }],
    ['its file, from the root', '/repo/src/a.test.ts', { file: 'src/a.test.ts' }],
    ['its suite', 'src/a.test.ts', { suites: ['src/a.test.ts'] }],
    ['its suite, from the root', '/repo/src/a.test.ts', { suites: ['src/a.test.ts'] }],
    ['a file from the root', 'src/a.test.ts', { file: '/repo/src/a.test.ts' }],
    ['a file of Windows', 'src/a.test.ts', { file: 'C:\\repo\\src\\a.test.ts' }],
    ['the address of a file', 'src/a.test.ts', { file: 'file:///repo/src/a.test.ts' }],
    [
      'a test in a file from the root',
      'src/a.ts::C::b',
      { file: '/repo/src/a.ts', className: 'C', name: 'b' },
    ],
    ['its name alone', 'TestAdds', { className: 'acme/shop', name: 'TestAdds' }],
    ['a name of any length', 'n/ \n'.repeat(2500), { name: 'n/ \n'.repeat(2500) }],
  ])('finds a test by %s', (_what, id, fields) => {
    const result = matchResults([id, 'another'], [aCase({ outcome: 'failed', ...fields })]);
    expect(result).toMatchObject({
      matched: [{ id, outcome: 'failed' }],
      missing: ['another'],
      unexpected: [],
      ambiguous: [],
    });
  });

  it('folds all cases of a file, and no pass hides a failure', () => {
    const cases = [
      aCase({ file: 'a.ts', name: 'one', outcome: 'errored' }),
      aCase({ file: 'a.ts', name: 'two', outcome: 'failed' }),
      aCase({ file: 'a.ts', name: 'three' }),
      aCase({ file: 'b.ts', name: 'one', outcome: 'failed' }),
      aCase({ file: 'b.ts', name: 'one' }),
    ];
    expect(matchResults(['a.ts', 'b.ts', 'a.ts'], cases).matched).toMatchObject([
      { id: 'a.ts', outcome: 'failed', flaky: false, tests: { length: 3 } },
      { id: 'b.ts', outcome: 'passed', flaky: true },
    ]);
  });

  it('goes by the strongest match', () => {
    const cases = [
      aCase({ file: 'a.py', className: 'a', name: 'test_b' }),
      aCase({ file: 'a.py', name: 'c' }),
    ];
    const { matched } = matchResults(['a.py', 'a.py::test_b', 'test_b'], cases);
    expect(matched).toMatchObject([
      { id: 'a.py::test_b', tests: [{ cases: [{ name: 'test_b' }] }] },
      { id: 'a.py', tests: [{ cases: [{ name: 'c' }] }] },
    ]);
  });

  it('does not guess by a name that two tests have', () => {
    const cases = [aCase({ className: 'A', name: 'adds' }), aCase({ className: 'B', name: 'adds' })];
    expect(matchResults(['adds'], cases)).toMatchObject({
      matched: [],
      missing: ['adds'],
      unexpected: { length: 2 },
    });
  });

  it('gives files from the root to the id that has most of their path', () => {
    const files = ['/repo/t/a.ts', '/repo/p/t/a.ts'];
    const { matched } = matchResults(
      ['t/a.ts', 'p/t/a.ts'],
      files.map((file) => aCase({ file })),
    );
    expect(matched.map(({ id, tests }) => [id, tests[0].cases[0].file])).toEqual([
      ['t/a.ts', '/repo/t/a.ts'],
      ['p/t/a.ts', '/repo/p/t/a.ts'],
    ]);
  });

  it('gives files from the root to nobody when two may be meant', () => {
    const files = ['/repo/x/a.ts', '/repo/y/a.ts'];
    expect(
      matchResults(
        ['a.ts'],
        files.map((file) => aCase({ file })),
      ).missing,
    ).toEqual(['a.ts']);
  });

  it('gives a case to nobody when several ids may be meant', () => {
    const ids = ['/x/a.test.ts', '/y/a.test.ts'];
    expect(matchResults(ids, [aCase({ file: 'a.test.ts' })])).toMatchObject({
      matched: [],
      missing: ids,
      ambiguous: [{ ids }],
    });
  });

  it('never makes a result of nothing', () => {
    expect(matchResults(['a'], [])).toEqual({ matched: [], missing: ['a'], unexpected: [], ambiguous: [] });
    expect(matchResults(['a'], [aCase({ name: 'b' })]).missing).toEqual(['a']);
  });

  it('takes the cases of a report', async () => {
    const { cases } = await readReport(
      '<testsuite name="pytest"><testcase classname="t.test_a.TestX" name="test_y[1]"><failure/></testcase>' +
        '<testcase classname="t.test_a.TestX" name="test_y[1]"/></testsuite>',
    );
    const id = 't/test_a.py::TestX::test_y[1]';
    expect(matchResults([id], cases).matched).toMatchObject([{ id, outcome: 'passed', flaky: true }]);
  });
});
