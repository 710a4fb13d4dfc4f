import { describe, expect, it } from '@jest/globals';
import { failureSignature, normalizeMessage } from '../../../shared/domain/log-evidence/failure-signature.ts';

describe('two messages of one cause', () => {
  it.each([
    ['GET /cart/1: HTTP 503, expected 2xx', 'GET /orders/9?x=1: HTTP 503, expected 2xx'],
    ['timeout after 12.5 s', 'timeout after 5 s'],
    ['refused by 10.0.0.5:5432', 'refused by 10.0.0.7:6543'],
    ['no order 8d7f2c1e-1111-4222-8333-444455556666', 'no order 00000000-aaaa-4bbb-8ccc-ddddeeeeffff'],
    ['<Cart object at 0x7f33aa10>', '<Cart object at 0x7f33bb22>'],
    ['expired at 2026-11-05T10:00:00.123Z', 'expired at 2026-11-06 11:00:01+01:00'],
    [
      'HTTPError: 503 for url: https://web.run.app/cart/77?x=1',
      'HTTPError: 503 for url: https://web.run.app/b',
    ],
    ['session a1b2c3d4e5 is unknown', 'session 99887766aa is unknown'],
    ['no session sess_0123456789abcdef', 'no session sess_fedcba9876543210'],
  ])('are alike: %s', (one, other) => {
    expect(normalizeMessage(one)).toBe(normalizeMessage(other));
  });

  it.each([
    ['GET /cart: HTTP 503, expected 2xx', 'GET /cart: HTTP 404, expected 2xx'],
    ['assert 503 == 200', 'assert 404 == 200'],
    ["KeyError: 'QUEUE_URL'", "KeyError: 'DATABASE_URL'"],
    ['HTTPError: 503 for url: https://web.run.app/a', 'HTTPError: 503 for url: https://db.run.app/a'],
    ['TypeError: x is not a function', 'TypeError: y is not a function'],
  ])('are not these: %s', (one, other) => {
    expect(normalizeMessage(one)).not.toBe(normalizeMessage(other));
  });
});

describe('the signature of a failure', () => {
  const detail = (...frames: readonly string[]) => ['TypeError: cart is None', ...frames].join('\n');

  it('has the deepest place in own code that is not the test itself', () => {
    const failure = (test: string, helper: string) =>
      failureSignature({
        id: `${test}::test_a`,
        detail: detail(
          `${test}:12: in test_a`,
          `${helper}: in call`,
          '/usr/lib/python3.12/site-packages/requests/api.py:59: in get',
        ),
      });
    expect(failure('tests/a.py', 'client.py:7')).toBe(failure('tests/b.py', 'client.py:7'));
    expect(failure('tests/a.py', 'client.py:7')).not.toBe(failure('tests/a.py', 'client.py:9'));
  });

  it('has no place where the test itself calls the code of others', () => {
    const failure = (test: string) =>
      failureSignature({ id: `${test}::test_a`, detail: detail(`${test}:12: in test_a`) });
    expect(failure('tests/a.py')).toBe(failure('tests/b.py'));
  });

  it('has the first place in JavaScript', () => {
    const failure = (outer: number, inner: number) =>
      failureSignature({
        id: 'a.test.js',
        detail: detail(`    at total (/srv/cart.js:${inner}:5)`, `    at main (/srv/main.js:${outer}:1)`),
      });
    expect(failure(1, 3)).toBe(failure(2, 3));
    expect(failure(1, 3)).not.toBe(failure(1, 4));
  });

  it('is one for 5,000 failures of one cause, and read once for each', () => {
    let reads = 0;
    const failures = Array.from({ length: 5_000 }, (_, n) => ({
      id: `tests/test_${n}.py::test_a`,
      get detail() {
        reads++;
        return `ConnectionError: 10.0.0.${n}:5432 refused order ${n}\ntests/test_${n}.py:${n}: in test_a\nclient.py:7: in call`;
      },
    }));
    const groups = Map.groupBy(failures, failureSignature);
    expect([...groups.values()].map(({ length }) => length)).toEqual([5_000]);
    expect(reads).toBe(5_000);
  });

  // One that is not linear does not end here.
  it.each(['0', 'a', 'a1', '/', 'http://', '2026-11-05T', 'status ', ' ', '0x', 'HTTP/1.1 ', ' at ', 'GET '])(
    'is found in linear time: %j',
    (piece) => {
      const text = piece.repeat(Math.ceil(200_000 / piece.length));
      expect(failureSignature({ id: 'a', detail: `${text}\n${text}` })).toEqual(expect.any(String));
    },
  );
});
