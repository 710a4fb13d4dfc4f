import { describe, expect, it, test } from '@jest/globals';
import { junitReport, namespacedReport } from '../fixtures/results/reports.ts';
import { readReport } from './read-report.ts';

const one = (inner: string) => `<testsuite><testcase name="a">${inner}</testcase></testsuite>`;

describe('the JUnit reader', () => {
  it('reads cases with all that belongs to them, and counts them itself', async () => {
    const { cases, kinds, tally } = await readReport(junitReport);
    expect(kinds).toEqual(['sums-differ']);
    expect(tally).toEqual({
      tests: 5,
      passed: 2,
      failed: 1,
      errored: 1,
      skipped: 1,
      flaky: 1,
      timeSeconds: 1235.25,
    });
    expect(cases[0]).toEqual({
      id: "shop/cart.ts::shop.Cart::adds 'é' \u{1F600}",
      name: "adds 'é' \u{1F600}",
      className: 'shop.Cart',
      file: 'shop/cart.ts',
      suites: ['all', 'cart & till'],
      suite: 2,
      outcome: 'passed',
      flaky: false,
      durationMs: 250,
      reruns: 0,
    });
    expect(cases[1]).toMatchObject({
      name: 'removes "all"',
      outcome: 'failed',
      message: 'expected 1 < 2\nhere\nat line 5 ]] &c.',
    });
    expect(cases[2]).toMatchObject({
      id: 'all::cart & till::inner::retried',
      suites: ['all', 'cart & till', 'inner'],
      flaky: true,
      reruns: 1,
    });
  });

  test.each([
    ['nothing', '', 'passed', false],
    ['failure', '<failure/>', 'failed', false],
    ['error', '<error/>', 'errored', false],
    ['skipped', '<skipped/>', 'skipped', false],
    ['ignored', '<ignored/>', 'skipped', false],
    ['error after failure', '<failure/><error/>', 'errored', false],
    ['several errors', '<error/><error/>', 'errored', false],
    ['failure and skipped', '<skipped/><failure/>', 'failed', false],
    ['flakyFailure', '<flakyFailure/>', 'passed', true],
    ['flakyError', '<flakyError/><flakyError/>', 'passed', true],
    ['rerunFailure', '<failure/><rerunFailure/>', 'failed', false],
    ['flakyFailure and failure', '<failure/><flakyFailure/>', 'failed', false],
    ['a failure deeper down', '<properties><failure/></properties>', 'passed', false],
    ['a failure in CDATA', '<system-out><![CDATA[<failure/>]]></system-out>', 'passed', false],
    ['a failure in a comment', '<!-- <failure/> -->', 'passed', false],
    ['an unknown child', '<Failure/>', 'passed', false],
  ])('takes a case with %s', async (_what, inner, outcome, flaky) => {
    const { cases, problems } = await readReport(one(inner));
    expect({ cases, problems }).toMatchObject({ cases: [{ outcome, flaky }], problems: [] });
  });

  test.each([
    ['a suite as root', '<testsuite><testcase/></testsuite>', []],
    ['a case as root', '<testcase/>', []],
    ['several suites without a root', '<testsuite><testcase/></testsuite><testsuite/>', ['several-roots']],
    ['several cases without a root', '<testcase/><testcase/>', ['several-roots']],
    ['a case deep in strange elements', '<a><b><testcase/></b></a>', []],
    ['space before the declaration', '\n <?xml version="1.0"?><testcase/>', ['misplaced-declaration']],
    ['a log line before it', 'Running…\n<testcase/>', ['stray-text']],
    ['a case in a case', '<testcase><testcase/></testcase>', []],
  ])('finds the cases of %s', async (_what, text, kinds) => {
    const read = await readReport(text);
    expect(read.cases.length).toBe(text.split('<testcase').length - 1);
    expect(read.kinds).toEqual(kinds);
  });

  it('goes by local names', async () => {
    expect((await readReport(namespacedReport)).tally).toMatchObject({ tests: 1, errored: 1 });
  });

  test.each([
    ['status="run" result="completed"', 'passed', []],
    ['status="Pass"', 'passed', []],
    ['status=""', 'passed', []],
    ['status="run" result="skipped"', 'skipped', []],
    ['status="notrun" result="suppressed"', 'skipped', ['not-run']],
    ['status="untested"', 'skipped', ['not-run']],
    ['status="Not Executed"', 'skipped', ['not-run']],
    ['result="pending"', 'skipped', ['not-run']],
    ['status="failed"', 'failed', []],
    ['status="passed" result="timeout"', 'failed', []],
    ['status="error"', 'errored', []],
    ['status="undefined"', 'errored', []],
    ['result="Inconclusive"', 'errored', []],
    ['status="splendid"', 'errored', ['unknown-status']],
    ['status="run" result="splendid"', 'errored', ['unknown-status']],
  ])('takes a case with %s for %s', async (attributes, outcome, kinds) => {
    const read = await readReport(`<testsuite><testcase name="a" ${attributes}/></testsuite>`);
    expect(read).toMatchObject({ cases: [{ outcome }], kinds });
  });

  it('goes by what stands in a case before its status, and tells the word of a status that it does not know', async () => {
    const { cases } = await readReport(
      '<testsuite><testcase status="failed"><error/></testcase><testcase status="huge"><skipped/></testcase>' +
        '<testcase status="splendid"/></testsuite>',
    );
    expect(cases).toMatchObject([
      { outcome: 'errored' },
      { outcome: 'skipped' },
      { outcome: 'errored', message: expect.stringContaining('"splendid"') },
    ]);
  });

  test.each([
    ['begins like JSON', '[WARN] cold start\n'],
    ['is JSON', '{"level":"info"}\n'],
    ['looks like XML', 'WARN <init> a < b && c\n'],
    ['is long', `[INFO] ${'x'.repeat(100_000)}\n`],
  ])('reads the cases after a log line that %s', async (_what, line) => {
    const read = await readReport(`${line}<testsuite><testcase><failure/></testcase></testsuite>`);
    expect(read).toMatchObject({
      tally: { failed: 1 },
      problems: [{ kind: 'stray-text', line: 1, column: 1 }],
    });
  });

  it('knows the line of a case', async () => {
    expect((await readReport('<testcase name="a" line="12"/>')).cases).toMatchObject([{ line: '12' }]);
  });

  it('cuts a long message, and keeps a long name', async () => {
    const name = `${'n'.repeat(9_999)}\n`;
    const text = `<testcase name="${name.replace('\n', '&#10;')}"><failure>${'m'.repeat(9_999)}</failure></testcase>`;
    const [testCase] = (await readReport(text)).cases;
    expect(testCase?.name).toBe(name);
    expect(testCase?.message).toBe(`${'m'.repeat(4095)}…`);
  });

  it('shows control characters in names and messages', async () => {
    const text = one('<failure message="&#27;[31mred\u009b">a\u001bb\u007f&#xD800;</failure>');
    const { cases, kinds } = await readReport(text);
    expect(cases[0]?.message).toBe('␛[31mred�\na␛b␡�');
    expect(kinds.toSorted()).toEqual(['illegal-character', 'illegal-reference']);
  });
});
