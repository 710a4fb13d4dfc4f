import { describe, expect, it } from '@jest/globals';
import { ExpectationSchema } from '../../../shared/contracts/expectations/expectation.ts';
import { findDifference } from '../../../shared/contracts/expectations/find-difference.ts';
import type { Answer } from '../../../shared/domain/health/classify-response.ts';
import type { Json } from '../../../shared/domain/json.ts';

const core = 'c0re7Secret9Part';

function differenceOf(body: Json, json: Json): string {
  const answer: Answer = {
    kind: 'answer',
    status: 200,
    headers: {},
    body: JSON.stringify(body),
    truncated: false,
    latencyMs: 1,
    authenticated: false,
  };
  return findDifference(answer, ExpectationSchema.parse({ json }))?.detail ?? 'none';
}

describe('a value of JSON whose name is that of a secret', () => {
  it.each<[Json, Json]>([
    [{ token: core }, [{ path: '$.token', equals: 'a' }]],
    [{ token: core }, [{ path: '$.token', oneOf: ['a'] }]],
    [{ token: core }, [{ path: '$.token', matches: '^a' }]],
    [{ a: { api_key: core } }, [{ path: "$['a']['api_key']", equals: 'a' }]],
    [{ a: { password: core } }, [{ path: '$..password', exists: false }]],
    [{ a: { password: core } }, [{ path: '$.a', contains: { password: 'a' } }]],
    [{ a: [{ password: core }] }, { a: [{ password: 'a' }] }],
    [{ a: 1 }, { a: { password: core } }],
    [{ password: 1 }, { password: core }],
  ])('is not shown: %j, %j', (body, json) => {
    expect(differenceOf(body, json)).toMatch(/^\$/);
    expect(differenceOf(body, json)).not.toContain(core);
  });

  it.each<[Json, Json, string]>([
    [{ token: 'expired' }, { token: 'fresh1' }, '$.token is "expired", expected "[SECRET]"'],
    [{ token: 5 }, { token: 6 }, '$.token is 5, expected 6'],
    [{ token_count: 'c5' }, { token_count: 'c6' }, '$.token_count is "c5", expected "c6"'],
    [{ revision: 'web-00042-xiz' }, { revision: 'web-1' }, '$.revision is "web-00042-xiz", expected "web-1"'],
    [{}, { token: 'a' }, '$.token is missing, expected "a"'],
  ])('is shown where it is none: %j', (body, json, shown) => {
    expect(differenceOf(body, json)).toBe(shown);
  });
});
