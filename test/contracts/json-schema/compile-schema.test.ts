import { describe, expect, it } from '@jest/globals';
import { faultBySchema } from '../../../shared/contracts/json-schema/compile-schema.ts';
import { type JsonSchema, JsonSchemaSchema } from '../../../shared/contracts/json-schema/json-schema.ts';
import type { Json } from '../../../shared/domain/json.ts';
import { TooExpensiveError, WorkLimit } from '../../../shared/domain/work-limit.ts';

const faultOf = (value: Json, schema: JsonSchema, limit = new WorkLimit()) =>
  faultBySchema(value, schema, limit);

describe('what does not keep to a schema', () => {
  it.each<[string, JsonSchema, Json, Json]>([
    [
      'uniqueItems',
      { uniqueItems: true },
      [1, '1', { a: 1, b: 2 }],
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
    ],
    ['no uniqueItems', { uniqueItems: false, maxItems: 2 }, [1, 1], [1, 1, 1]],
    ['a format', { format: 'url' }, 'https://example.com/a', 'example'],
    ['a format of a function', { format: 'date' }, '2028-02-29', '2027-02-29'],
    ['a format with a state', { format: 'byte' }, 'aGk=', 'aGk'],
    ['a format of numbers', { format: 'int32' }, 1, 2 ** 40],
    ['a pattern', { pattern: '^a+$' }, 'aa', 'ab'],
    [
      'each of two patterns',
      { properties: { a: { pattern: '^a$' }, b: { pattern: '^b$' } } },
      { a: 'a', b: 'b' },
      { a: 'a', b: 'a' },
    ],
    ['a $ref', { $ref: '#/$defs/n', $defs: { n: { type: 'number' } } }, 1, 'a'],
    ['a $ref with escapes', { $ref: '#/$defs/a~1b%25', $defs: { 'a/b%': { type: 'number' } } }, 1, 'a'],
    [
      'a recursion',
      { properties: { next: { $ref: '#' } }, required: ['id'] },
      { id: 1, next: { id: 2 } },
      { id: 1, next: {} },
    ],
    ['a const', { const: { a: 1 } }, { a: 1 }, { a: 1, 'x-deploy-loop-work': 1 }],
    [
      'no further keys',
      { properties: { a: true }, additionalProperties: false },
      { a: 1 },
      { 'x-deploy-loop-work': 1 },
    ],
  ])('is told of %s', (_what, schema, good, bad) => {
    for (let time = 0; time < 2; time++) {
      expect(faultOf(good, schema)).toBeUndefined();
      expect(faultOf(bad, schema)).toEqual(expect.any(String));
    }
  });

  it('is told in the words of the schema', () => {
    expect(faultOf({ ids: [1, 1] }, { properties: { ids: { uniqueItems: true } } })).toBe(
      '/ids must NOT have duplicate items',
    );
  });

  it('may be two schemas of one $id', () => {
    expect(faultOf(1, { $id: 'https://a.example/s', type: 'number' })).toBeUndefined();
    expect(faultOf(1, { $id: 'https://a.example/s', type: 'string' })).toEqual(expect.any(String));
  });
});

describe('a schema', () => {
  const many = (count: number) => ({ allOf: Array.from({ length: count }, () => ({ minimum: 1 })) });
  const chain = (length: number) => ({
    $ref: '#/$defs/d0',
    $defs: Object.fromEntries(
      Array.from({ length }, (_, n) => [
        `d${n}`,
        n === length - 1 ? {} : { allOf: Array(2).fill({ $ref: `#/$defs/d${n + 1}` }) },
      ]),
    ),
  });

  it.each<[string, JsonSchema, string]>([
    ['that refers to itself', { $ref: '#' }, '$ref'],
    ['that comes back to itself', { anyOf: [{ type: 'string' }, { $ref: '#' }] }, '$ref'],
    ['that doubles its work thirty times', chain(30), 'would not end'],
    ['of too many subschemas', many(500), 'at most 500 subschemas'],
    ['that refers to another', { $ref: 'https://example.com/schema' }, "can't resolve"],
    ['that refers to a value', { $ref: '#/const', const: { allOf: [] } }, 'no schema at #/const'],
    ['with a pattern that is none', { pattern: '(?=a)' }, 'RE2'],
    ['with a pattern of too many steps', { patternProperties: { '.{1000}(?:ab){1000}': {} } }, 'too slow'],
  ])('%s is refused', (_what, schema, reason) => {
    const { success, error } = JsonSchemaSchema.safeParse(schema);
    expect({ success, message: error?.issues[0]?.message }).toEqual({
      success: false,
      message: expect.stringContaining(reason),
    });
  });

  it('may have as many subschemas as are allowed', () => {
    expect(JsonSchemaSchema.safeParse(many(499)).success).toBe(true);
  });
});

const list = (length: number) => Array.from({ length }, (_, n) => ({ n, text: 'a:'.repeat(20) }));

describe('the work of a schema', () => {
  const nested = (depth: number): Json => (depth === 0 ? 0 : { a: nested(depth - 1) });
  const branches: JsonSchema = { allOf: Array(2).fill({ properties: { a: { $ref: '#' } } }) };

  it.each<[string, JsonSchema, Json]>([
    ['branches at each level', branches, nested(16)],
    ['large lists of unique items', { items: { uniqueItems: true } }, Array(20).fill(list(500))],
    ['a url', { format: 'url' }, `http://${':'.repeat(2_000)}`],
    ['an expression', { format: 'regex' }, '\\p{L}'.repeat(100)],
    ['a base64 text', { format: 'byte' }, 'a'.repeat(200_000)],
    ['patterns', { items: { properties: { text: { pattern: '[a:]{30}' } } } }, list(500)],
    [
      'patterns of keys',
      { patternProperties: { 'k.{50}z': {} } },
      Object.fromEntries(list(500).map(({ n }) => [`k${n}`.repeat(9), 1])),
    ],
    ['lengths of a text', { allOf: Array(20).fill({ maxLength: 1e6 }) }, 'a'.repeat(20_000)],
    [
      'numbers of keys',
      { allOf: Array(20).fill({ minProperties: 1 }) },
      Object.fromEntries(list(500).map(({ n }) => [n, 1])),
    ],
    [
      'many values to compare',
      { items: { enum: list(100) } },
      Array(500).fill({ n: 99, text: 'a:'.repeat(20) }),
    ],
    [
      'many alternatives',
      { items: { anyOf: list(50).map(({ n }) => ({ const: { n } })) } },
      Array(500).fill({ n: 49 }),
    ],
    [
      'many required keys',
      { items: { required: list(100).map(({ n }) => `k${n}`) } },
      Array(1_000).fill(Object.fromEntries(list(100).map(({ n }) => [`k${n}`, 1]))),
    ],
  ])('ends at its limit for %s', (_what, schema, value) => {
    expect(() => faultOf(value, schema, new WorkLimit(10_000))).toThrow(TooExpensiveError);
  });

  it('of one value takes nothing from the next one', () => {
    expect(() => faultOf(list(100), { items: { minProperties: 1 } }, new WorkLimit(1))).toThrow(
      TooExpensiveError,
    );
    expect(faultOf(list(100), { items: { required: ['n', 'text'] } })).toBeUndefined();
  });

  it('is little for a list of thousands', () => {
    const schema = {
      items: { required: ['n'], properties: { n: { type: 'integer' }, text: { maxLength: 99 } } },
    };
    expect(faultOf(list(10_000), schema, new WorkLimit(200_000))).toBeUndefined();
  });
});
