import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from '@jest/globals';
import { knownKeysBelow } from '../../shared/config/file/explain/known-keys.ts';
import { parseConfig } from '../../shared/config/parse-config.ts';
import { builtInDefaults } from '../../shared/contracts/config.ts';

const root = new URL('../../', import.meta.url);
const guide = readFileSync(new URL('docs/config.md', root), 'utf8');

/** The rows of the guide's tables: key and default. */
const rows = [...guide.matchAll(/^\| `([\w.[\]]+)` \| [^|]* \|([^|]*)\|/gm)].map(
  ([, key = '', fallback = '']) => ({ key, fallback: fallback.trim() }),
);
const documented = rows.map(({ key }) => key);

describe('docs/config.md', () => {
  it('has every key of the schema, once, and no other', () => {
    const known = new Set(knownKeysBelow([]).map((key) => key.replace(/^(services\[\]|defaults)\./, '')));
    // A step has the keys of a check, and so have a conversation of a probe and what it expects: they are explained once.
    const elsewhere: readonly (readonly [RegExp, string])[] = [
      [/\.steps\[\]\./, '.'],
      [/^health\.websocket\./, 'suites[].checks[].'],
      [/^health\.warn\./, 'suites[].checks[].expect.'],
      [/^health\.expect\.json\[\]\./, 'suites[].checks[].expect.json[].'],
      [/^health\.expect\.body\./, 'suites[].checks[].expect.body.'],
    ];
    // Where a secret comes from is said at the key that names it.
    const isExplainedAbove = (key: string) =>
      /^(github|notifications)\b.*\.(env|secretManager)$/.test(key) ||
      elsewhere.some(([place, other]) => place.test(key) && known.has(key.replace(place, other)));
    expect(documented.toSorted()).toEqual([...known].filter((key) => !isExplainedAbove(key)).sort());
  });

  test.each(defaultsOf(builtInDefaults))('names the built-in default of %s', (key, value) => {
    const shown = typeof value === 'object' ? JSON.stringify(value) : String(value);
    expect(rows.find((row) => row.key === key)?.fallback).toBe(`\`${shown}\``);
  });

  test.each([...guide.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => [text]))(
    'shows a config that is one',
    (text) => {
      expect(parseConfig(text, 'docs/config.md').warnings).toEqual([]);
    },
  );
});

test('deploy-loop.example.yaml is a config without a warning', () => {
  const file = 'deploy-loop.example.yaml';
  expect(parseConfig(readFileSync(new URL(file, root), 'utf8'), file).warnings).toEqual([]);
});

/** The single values, lists and empty maps below `settings`, by dotted key. */
function defaultsOf(settings: object, prefix = ''): [string, unknown][] {
  return Object.entries(settings).flatMap(([key, value]: [string, unknown]) => {
    const below = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
    const isLeaf = Object.keys(below).length === 0;
    return isLeaf ? [[`${prefix}${key}`, value]] : defaultsOf(below, `${prefix}${key}.`);
  });
}
