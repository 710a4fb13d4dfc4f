import { describe, expect, it } from '@jest/globals';
import { findErrorLine } from '../../shared/test-reports/output/find-error-line.ts';

const lines = (...all: readonly string[]) => all.join('\n');

describe('the line that says what went wrong, of', () => {
  it.each([
    [
      'pytest',
      lines(
        'tests/test_a.py:3: in test_a',
        "    assert get('/') == 200",
        'E   assert 503 == 200',
        'tests/test_a.py:3: AssertionError',
      ),
      'assert 503 == 200',
    ],
    [
      'pytest, a file that cannot be imported',
      lines(
        'ImportError while importing test module',
        'E   ModuleNotFoundError: No module named requests',
        '=== short test summary info ===',
      ),
      'ModuleNotFoundError: No module named requests',
    ],
    [
      'Python',
      lines(
        'Traceback (most recent call last):',
        '  File "a.py", line 3, in <module>',
        '    main()',
        'shop.errors.CartBroken: no cart',
      ),
      'shop.errors.CartBroken: no cart',
    ],
    [
      'Python, without a text',
      lines('Traceback (most recent call last):', '  File "a.py", line 3, in <module>', 'KeyboardInterrupt'),
      'KeyboardInterrupt',
    ],
    [
      'jest',
      lines(
        'FAIL ./a.test.js',
        '  ● shop › cart',
        '',
        '    expect(received).toBe(expected) // Object.is equality',
        '',
        '      at Object.toBe (a.test.js:3:9)',
      ),
      'expect(received).toBe(expected) // Object.is equality',
    ],
    [
      'Node',
      lines(
        'node:internal/modules/cjs/loader:1143',
        '  throw err;',
        '  ^',
        '',
        "Error: Cannot find module 'shop'",
        '    at Module._load (node:internal:1:2)',
        "  code: 'MODULE_NOT_FOUND'",
        'Node.js v24.0.0',
      ),
      "Error: Cannot find module 'shop'",
    ],
    [
      'Node, with a code',
      lines('TypeError [ERR_INVALID_URL]: Invalid URL', '    at new URL'),
      'TypeError [ERR_INVALID_URL]: Invalid URL',
    ],
    [
      'Playwright',
      lines(
        '  1) a.spec.ts:3:5 › cart ────',
        '',
        '    Error: expect(locator).toBeVisible() failed',
        '',
        '        at a.spec.ts:5:3',
      ),
      'Error: expect(locator).toBeVisible() failed',
    ],
    [
      'go test',
      lines(
        '--- FAIL: TestCart (0.00s)',
        '    cart_test.go:12: got 503, want 200',
        'FAIL',
        'exit status 1',
        'FAIL\tshop\t0.1s',
      ),
      'cart_test.go:12: got 503, want 200',
    ],
    [
      'go test, a panic',
      lines('panic: nil map', '', 'goroutine 1 [running]:', 'main.main()'),
      'panic: nil map',
    ],
    [
      'go test, a fault of the compiler',
      lines('# shop', './cart.go:3:2: undefined: foo', 'FAIL\tshop [build failed]'),
      './cart.go:3:2: undefined: foo',
    ],
    [
      'Java',
      lines('Exception in thread "main" java.lang.IllegalStateException: no cart', '\tat a.B.c(B.java:3)'),
      'Exception in thread "main" java.lang.IllegalStateException: no cart',
    ],
    [
      'npm',
      lines(
        'npm error code ENOENT',
        'npm error Missing script: "e2e"',
        'npm error A complete log of this run can be found in',
      ),
      'npm error Missing script: "e2e"',
    ],
    ['a shell', 'sh: 1: pytst: not found', 'sh: 1: pytst: not found'],
  ])('%s', (_, output, line) => {
    expect(findErrorLine(output)).toBe(line);
  });

  it('is none where nothing looks like an error', () => {
    expect(findErrorLine(lines('12 passed', 'coverage too low', '0 errors'))).toBeUndefined();
  });
});
