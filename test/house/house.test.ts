import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { messageSchemas } from '../../shared/contracts/messages.ts';

/** Subjects of the layers domain and services: each imports itself and what stands before it. */
const subjects = ['records', 'health', 'checks', 'runs', 'traffic'];
/** What commands call directly, beside the hops. */
const calledByCommands = [
  'load-overview',
  'page-of-changes',
  'page-of-runs',
  'apply-config',
  'query-reports',
];
/** Functions that answer something else than a message of ours. */
const withoutMessages = ['collect-results', 'record-dead-letter'];
const maxFilesInFolder = 20;

const root = join(import.meta.dirname, '../..');
const files = globSync('{shared,functions,infra,test}/**/*.{ts,sh}', { cwd: root })
  .filter((file) => !file.includes('node_modules'))
  .sort();

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) => normalize(join(dirname(file), path)));
}

function subjectOf(file: string, layer: string): number {
  return subjects.findIndex((subject) => file.startsWith(`shared/${layer}/${subject}/`));
}

describe('the rooms of the code', () => {
  it.each(['domain', 'services'])('of layer %s import one way', (layer) => {
    const upward = files
      .filter((file) => subjectOf(file, layer) >= 0)
      .flatMap((file) =>
        importsOf(file)
          .filter((target) => subjectOf(target, layer) > subjectOf(file, layer))
          .map((target) => `${file} imports ${target}`),
      );
    expect(upward).toEqual([]);
  });

  it('have the hops, and what commands call, on the first level of services', () => {
    const firstLevel = files.filter((file) => dirname(file) === 'shared/services');
    const wanted = [...Object.keys(messageSchemas), ...withoutMessages, ...calledByCommands].map(
      (name) => `shared/services/${name}.ts`,
    );
    expect(firstLevel).toEqual(wanted.sort());
  });

  it(`hold at most ${maxFilesInFolder} files each, the one of the commands aside`, () => {
    const counts = Map.groupBy(files, (file) => dirname(file));
    counts.delete('shared/cli/commands');
    const crowded = [...counts].filter(([, inside]) => inside.length > maxFilesInFolder);
    expect(crowded.map(([folder, inside]) => `${folder}: ${inside.length}`)).toEqual([]);
  });

  it('have one name for one rule or step', () => {
    const byName = Map.groupBy(
      files.filter((file) => /^shared\/(domain|services)\//.test(file)),
      (file) => basename(file),
    );
    expect([...byName.values()].filter((same) => same.length > 1)).toEqual([]);
  });
});
