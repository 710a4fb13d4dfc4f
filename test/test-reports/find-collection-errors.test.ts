import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { judgeReport } from '../../shared/test-reports/judge-report.ts';
import { findCollectionErrors } from '../../shared/test-reports/output/find-collection-errors.ts';
import { judgeList } from '../../shared/test-reports/read-list.ts';
import { readReport } from '../../shared/test-reports/read-report.ts';

const pytest = `
==================================== ERRORS ====================================
___________________ ERROR collecting tests/e2e/test_cart.py ____________________
ImportError while importing test module '/work/tests/e2e/test_cart.py'.
Hint: make sure your test modules/packages have valid Python names.
Traceback:
/usr/lib/python3.11/importlib/__init__.py:126: in import_module
    return _bootstrap._gcd_import(name[level:], package, level)
tests/e2e/test_cart.py:1: in <module>
    from acme import cart
acme/cart.py:2: in <module>
    import nope
E   ModuleNotFoundError: No module named 'nope'
____________________ ERROR collecting tests/e2e/test_odd.py ____________________
/usr/lib/python3.11/site-packages/_pytest/python.py:507: in importtestmodule
    mod = import_path(
E     File "/work/tests/e2e/test_odd.py", line 1
E       def test_x(:
E                  ^
E   SyntaxError: invalid syntax
=========================== short test summary info ============================
ERROR tests/e2e/test_cart.py
ERROR tests/e2e/test_odd.py
!!!!!!!!!!!!!!!!!!! Interrupted: 2 errors during collection !!!!!!!!!!!!!!!!!!!!
`;
const cart = "collection-error: ModuleNotFoundError in acme/cart.py:2: No module named 'nope'";
const odd = 'collection-error: SyntaxError in /work/tests/e2e/test_odd.py:1: invalid syntax';

describe('what a runner prints when it cannot load tests', () => {
  it.each<[runner: string, output: string, ...errors: string[]]>([
    ['pytest', pytest, cart, odd],
    [
      'pytest, a conftest',
      "ImportError while loading conftest '/work/conftest.py'.\nconftest.py:1: in <module>\n    import nope\nE   ModuleNotFoundError: No module named 'nope'",
      "collection-error: ModuleNotFoundError in conftest.py:1: No module named 'nope'",
    ],
    [
      'pytest, a file that is not there',
      'ERROR: file or directory not found: tests/nothere.py\n\n\nno tests ran in 0.86s',
      'collection-error: ERROR: file or directory not found: tests/nothere.py',
    ],
    ['pytest, its summary alone', 'ERROR tests/b.py - ImportError', 'collection-error: ERROR tests/b.py'],
    [
      'unittest',
      'ImportError: Failed to import test module: test_cart\nTraceback (most recent call last):\n  File "/usr/lib/python3.11/unittest/loader.py", line 162, in loadTestsFromName\n    module = __import__(module_name)\n  File "/work/acme/cart.py", line 2, in <module>\n    import nope\nModuleNotFoundError: No module named \'nope\'',
      "collection-error: ModuleNotFoundError in /work/acme/cart.py:2: No module named 'nope'",
    ],
    [
      'jest',
      "FAIL src/cart.test.js\n  ● Test suite failed to run\n\n    Cannot find module './nope' from 'src/cart.test.js'\n\n    > 1 | const a = require('./nope');\n\n      at Resolver._throwModNotFoundError (node_modules/jest-resolve/build/index.js:1031:11)\n      at Object.require (src/cart.test.js:1:11)\n",
      "collection-error: Cannot find module in src/cart.test.js:1: './nope' from 'src/cart.test.js'",
    ],
    [
      'jest, TypeScript',
      "  ● Test suite failed to run\n\n    tsconfig.json:13:3 - error TS6258: 'typeRoots' should be set inside",
      "collection-error: error TS6258 in tsconfig.json:13: 'typeRoots' should be set inside",
    ],
    [
      'jest, no tests',
      'No tests found, exiting with code 1\nRun with',
      'collection-error: No tests found, exiting with code 1',
    ],
    [
      'Playwright',
      "Error: Cannot find module './nope'\nRequire stack:\n- /work/e2e/a.spec.js\n- /work/node_modules/playwright/lib/program.js\n\n   at a.spec.js:1\n\n    at Object.<anonymous> (/work/e2e/a.spec.js:1:57)\n",
      "collection-error: Error in /work/e2e/a.spec.js:1: Cannot find module './nope'",
    ],
    ['Playwright, no tests', 'Error: No tests found.\nMake sure', 'collection-error: Error: No tests found.'],
    [
      'mocha',
      "\nError: Cannot find module '../src/nope'\nRequire stack:\n- /work/test/cart.spec.js\n- /work/node_modules/mocha/lib/cli/run.js\n    at Module._load (node:internal/modules/cjs/loader:1:2)",
      "collection-error: Error in /work/test/cart.spec.js: Cannot find module '../src/nope'",
    ],
    [
      'vitest',
      ' FAIL  src/cart.test.ts [ src/cart.test.ts ]\nError: Failed to load url ./nope (resolved id: ./nope) in /work/src/cart.test.ts. Does the file exist?\n',
      'collection-error: Failed to load url in /work/src/cart.test.ts: ./nope',
    ],
  ])('is told in a line, with its class and file: %s', (_runner, output, ...errors) => {
    expect(findCollectionErrors(output).map(({ text }) => text)).toEqual(errors);
  });

  it.each([
    'E   assert 503 == 200\ntests/test_a.py:3: AssertionError',
    "ERROR tests/test_a.py::test_a - fixture 'x' not found",
    'requests.exceptions.ConnectionError: refused',
    "the page says: 'No tests found'",
    '',
  ])('is not what a test that failed prints: %j', (output) => {
    expect(findCollectionErrors(output)).toEqual([]);
  });

  // One that is not linear does not end here.
  it.each([
    'ERROR ',
    '_',
    ' at ',
    '● Test suite failed to run\n',
    'Failed to load url a b ',
    'a.py:1: in \n',
    '\n',
    'Error',
  ])('is looked for in linear time: %j', (piece) => {
    expect(findCollectionErrors(piece.repeat(32_000 / piece.length))).toBeDefined();
  });
});

const ended = { how: 'exited', code: 2, signal: undefined, tail: pytest } as const;

describe('a test of a file that could not be loaded', () => {
  const reportOf = (cases: string) =>
    readReport(
      Readable.from([Buffer.from(`<testsuites><testsuite name="pytest">${cases}</testsuite></testsuites>`)]),
    );
  const failed = (kind: string, message: string, text: string) =>
    `<testcase classname="" name="tests.e2e.test_cart"><${kind} message="${message}">${text}</${kind}></testcase>`;

  it('errored, with the error of its own file', async () => {
    const report = await reportOf(failed('error', 'collection failure', pytest.replaceAll('<', '&lt;')));
    const ids = [
      'tests/e2e/test_odd.py::test_x',
      'tests/e2e/test_cart.py::test_a',
      'tests/e2e/test_ok.py::test_ok',
    ];
    const results = judgeReport(ids, report, ended, 0);
    expect(results.map(({ outcome }) => outcome)).toEqual(['errored', 'errored', 'errored']);
    const details = results.map(({ detail }) => detail?.split(';')[0]);
    expect(details).toEqual([odd, cart, cart]);
    expect(results[0]?.detail).toBe(`${odd}; the command exited with 2, and its report does not contain it`);
  });

  it('errored without a report, too', async () => {
    const none = { cases: [], problems: [], state: 'missing' } as const;
    const [result] = judgeReport(['tests/e2e/test_cart.py::test_a'], none, ended, 0);
    expect(result).toMatchObject({ outcome: 'errored', detail: expect.stringContaining(cart) });
  });

  it.each(['error', 'failure'])('errored where the report has the file as a test: %s', async (kind) => {
    const text = "Test suite failed to run\n\n    Cannot find module './nope' from 'a.test.js'";
    const report = await reportOf(`<testcase name="a.test.js"><${kind}>${text}</${kind}></testcase>`);
    const [result] = judgeReport(['a.test.js'], report, { ...ended, code: 1, tail: '' }, 0);
    expect(result).toMatchObject({
      id: 'a.test.js',
      outcome: 'errored',
      detail: expect.stringMatching(/^collection-error: Cannot find module: '\.\/nope' from 'a\.test\.js'/),
    });
  });

  it('failed where its file was loaded, whatever it says', async () => {
    const text =
      'AssertionError: expected 200, and the page is\n  ● Test suite failed to run\n\n    Cannot find module x';
    const report = await reportOf(`<testcase name="a.test.js"><failure>${text}</failure></testcase>`);
    const [result] = judgeReport(['a.test.js'], report, { ...ended, code: 1, tail: '' }, 0);
    expect(result?.outcome).toBe('failed');
  });

  it('is a problem of the list', () => {
    const output = `tests/e2e/test_ok.py::test_ok\n${pytest}`;
    for (const tail of [output, '']) {
      const { checks, problems } = judgeList(output, { ...ended, tail }, false);
      expect(checks.map(({ id }) => id)).toEqual(['tests/e2e/test_ok.py::test_ok']);
      expect(problems.slice(0, 2)).toEqual([cart, odd]);
    }
  });
});
