import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

/** The rows of the tables: promise, test file, words of the test's name, promise of the mutation. */
const rows = [
  ...read('docs/traffic-safety.md').matchAll(/^\| (.+?) \| `(test\/[^`]+)` "([^"]+)" \| (.+?) \|$/gm),
].map(([, promise = '', file = '', words = '', mutation = '']) => ({ promise, file, words, mutation }));
const mutations = read('docs/mutations.md');

describe('docs/traffic-safety.md', () => {
  test('has a test and a mutation for every promise', () => {
    const tables = read('docs/traffic-safety.md').matchAll(/^\| promise \|.*\n\|[-|]+\n((?:\|.*\n)+)/gm);
    const promised = [...tables].flatMap(([, body = '']) => body.trim().split('\n')).length;
    expect(promised).toBeGreaterThan(30);
    expect(rows).toHaveLength(promised);
  });

  test.each(rows)('names a test that is there: $promise', ({ file, words }) => {
    expect(existsSync(new URL(file, root))).toBe(true);
    expect(read(file).replaceAll(/\s+/g, ' ')).toContain(words);
  });

  test.each(rows)('names a mutation that is there: $promise', ({ mutation }) => {
    expect(mutations).toContain(`| ${mutation} | `);
  });
});
