import { findDifference } from '../../../shared/contracts/expectations/find-difference.ts';
import { HttpSuiteSchema } from '../../../shared/contracts/suites/http-suite.ts';
import type { Bench } from '../bench.ts';

const mega = 1_000_000;
const times = 5;

/** Bodies of one megabyte, of the kinds that cost most. */
const bodies: Readonly<Record<string, string>> = {
  'one long list': `[${'0,'.repeat(mega / 2 - 1)}0]`,
  'many small maps': JSON.stringify(Array.from({ length: 40_000 }, (_, n) => ({ a: n, b: `x${n}` }))),
  'one map of many keys': JSON.stringify(
    Object.fromEntries(Array.from({ length: 70_000 }, (_, n) => [`k${n.toString(36)}`, 1])),
  ),
  'a deep nesting': `${'{"a":'.repeat(4_000)}"${'x'.repeat(mega)}"${'}'.repeat(4_000)}`,
  'one long text': JSON.stringify(`http://${':a'.repeat(mega / 2)}`),
};

const conditions: Readonly<Record<string, object>> = {
  '$..*..*': { json: [{ path: '$..*..*', exists: true }] },
  '$..[?@..[?@..a]]': { json: [{ path: '$..[?@..[?@..a]]', exists: true }] },
  '$[?count($..*)>1]': { json: [{ path: '$[?count($..*)>1]', exists: true }] },
  '$..* with oneOf': {
    json: [{ path: '$..*', oneOf: Array.from({ length: 100 }, (_, n) => ({ a: n, b: n })) }],
  },
  'body.matches': { body: { matches: '[:a]*a[:a]{2}b$' } },
  'body.contains': { body: { contains: `${':a'.repeat(3_000)}b${':a'.repeat(1_900)}` } },
  'uniqueItems at each level': { schema: { uniqueItems: true, items: { $ref: '#' } } },
  'two branches at each level': {
    schema: { allOf: [{ properties: { a: { $ref: '#' } } }, { properties: { a: { $ref: '#' } } }] },
  },
  'many alternatives': {
    schema: { items: { oneOf: Array.from({ length: 200 }, (_, n) => ({ const: n })) } },
  },
  'a format': { schema: { format: 'url', items: { format: 'url' } } },
};

/** What it takes to judge an answer, whatever is expected of it. */
export const judging: Bench = {
  title: 'judging a body of 1 MB',
  async run() {
    return Object.entries(conditions).map(([name, condition]) => {
      const check = { name, path: '/', expect: condition };
      const [parsed] = HttpSuiteSchema.parse({ name: 'api', kind: 'http', checks: [check] }).checks;
      const worst = Object.values(bodies).map((body) => {
        const answer = {
          kind: 'answer',
          status: 200,
          headers: {},
          body,
          truncated: false,
          latencyMs: 1,
        } as const;
        return Array.from({ length: times }, () =>
          timeOf(() =>
            findDifference({ ...answer, authenticated: false }, parsed?.expect ?? { headers: {} }),
          ),
        );
      });
      const slowest = worst.toSorted((a, b) => Math.max(...b) - Math.max(...a))[0] ?? [];
      return {
        what: `${name}: on the body that takes longest`,
        values: slowest,
        unit: 'ms' as const,
        aim: 100,
      };
    });
  },
};

/** Of the processor: other processes of the machine do not count. @returns milliseconds */
function timeOf(judge: () => unknown): number {
  const before = process.cpuUsage();
  try {
    judge();
  } catch {
    // That it is too much work is what is measured.
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
