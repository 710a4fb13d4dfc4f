import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const shared = join(import.meta.dirname, '../../shared');
const subjects = ['records', 'health', 'checks', 'runs', 'traffic'];

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));

/** What a file imports from its own layer, as folder of the layer. */
function subjectsOf(file: string, layer: string): string[] {
  const imports = [...readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) => path);
  return imports
    .map((path) => relative(layer, join(dirname(file), path)))
    .filter((path) => !path.startsWith('..') && path.includes('/'))
    .map((path) => dirname(path));
}

describe('subjects', () => {
  it.each(['domain', 'services'])('of %s import one way', (name) => {
    const layer = join(shared, name);
    const wrong = subjects.flatMap((subject, place) =>
      filesIn(join(layer, subject)).flatMap((file) =>
        subjectsOf(file, layer)
          .filter((other) => subjects.indexOf(other) > place)
          .map((other) => `${relative(shared, file)} imports ${other}`),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('have one file of a name', () => {
    const names = filesIn(shared).map((file) => basename(file));
    const twice = names.filter((name, n) => name !== 'index.ts' && names.indexOf(name) < n);
    expect(twice).toEqual([]);
  });
});
