import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { applyMutation } from './apply-mutation.ts';
import { readTable } from './read-table.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

describe('docs/mutations.md', () => {
  test.each(readTable(read('docs/mutations.md'), 'docs/mutations.md'))(
    'has a line that can be made wrong, and tests that are there: $promise',
    (mutation) => {
      expect(() => applyMutation(read(mutation.file), mutation)).not.toThrow();
      expect(mutation.tests.filter((file) => !existsSync(new URL(file, root)))).toEqual([]);
    },
  );
});
