import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const namesIn = (text: string) =>
  [...text.matchAll(/\bDEPLOY_LOOP_[A-Z][A-Z_]*[A-Z]/g)].map(([name]) => name);

describe('docs/environment.md', () => {
  const guide = read('docs/environment.md');

  it('has every variable that the sources name, and no other', () => {
    const files = globSync(['{shared,functions,infra}/**/*.{ts,sh}', 'test/**/*-live.test.ts'], {
      cwd: root,
    });
    const used = new Set(files.flatMap((file) => namesIn(read(file))));
    expect([...new Set(namesIn(guide))].sort()).toEqual([...used].sort());
  });

  it('has every variable once in a table, unless a sentence explains it', () => {
    const rows = [...guide.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name = '']) => name);
    expect(rows.toSorted()).toEqual([...new Set(rows)].sort());
    const explained = ['DEPLOY_LOOP_AGENT', 'DEPLOY_LOOP_JOB_TOKEN', 'DEPLOY_LOOP_RETRY_WAIT_S'];
    const inTables = rows.filter((name) => name.startsWith('DEPLOY_LOOP_'));
    expect([...inTables, ...explained].sort()).toEqual([...new Set(namesIn(guide))].sort());
  });

  it('explains the variables that other documents name', () => {
    const documents = ['README.md', ...globSync('docs/**/*.md', { cwd: root })];
    const unknown = documents.flatMap(namesOf).filter(({ name }) => !guide.includes(name));
    expect(unknown).toEqual([]);
  });
});

function namesOf(document: string): readonly { readonly document: string; readonly name: string }[] {
  return namesIn(read(document)).map((name) => ({ document, name }));
}
