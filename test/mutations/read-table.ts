import type { Mutation } from './mutation.ts';

const columns = ['promise', 'file', 'line to change', 'mutated line', 'test files', 'test name pattern'];

/**
 * Reads the one table of `docs/mutations.md`.
 *
 * @param name of the file, for errors
 * @throws {Error} naming every malformed row as `file:line`
 */
export function readTable(markdown: string, name: string): readonly Mutation[] {
  const rows = markdown
    .split('\n')
    .map((text, i) => ({ text: text.trim(), place: `${name}:${i + 1}` }))
    .filter(({ text }) => text.startsWith('|'));
  const [header, rule, ...body] = rows;
  if (!header || splitRow(header.text).join('|') !== columns.join('|')) {
    throw new Error(`${header?.place ?? name}: expected a table with the columns ${columns.join(' | ')}`);
  }
  if (!rule || !/^[|\s:-]+$/.test(rule.text))
    throw new Error(`${header.place}: no line of dashes below the header`);
  const faults: string[] = [];
  const mutations = body.flatMap(({ text, place }) => {
    try {
      return [readRow(splitRow(text))];
    } catch (error) {
      faults.push(`${place}: ${error instanceof Error ? error.message : error}`);
      return [];
    }
  });
  if (body.length === 0) faults.push(`${name}: the table has no rows`);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return mutations;
}

function readRow(cells: readonly string[]): Mutation {
  const [promise, file, original, mutated, tests, testName] = cells;
  if (cells.length !== columns.length || testName === undefined) {
    throw new Error(`${cells.length} cells, not ${columns.length} (is a | not written as \\|?)`);
  }
  if (!promise || !file || !original || !mutated || !tests)
    throw new Error('only the test name pattern may be empty');
  return {
    promise,
    file: readCode(file),
    original: readCode(original),
    mutated: readCode(mutated),
    tests: tests.split(/\s*,\s*/).map(readCode),
    testName: testName === '' ? '' : readCode(testName),
  };
}

/** The cells of a row; `\|` is a bar in a cell, inside code too, as on GitHub. */
function splitRow(row: string): readonly string[] {
  const inner = row.replace(/^\|/, '').replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/** What is in a code span, which is fenced by a number of backticks that does not occur in its text. */
function readCode(cell: string): string {
  const [, fence, text] = /^(`+)(?!`)(.+?)(?<!`)\1$/.exec(cell) ?? [];
  if (!fence || !text || text.match(/`+/g)?.includes(fence)) throw new Error(`not one code span: ${cell}`);
  return /^ (.*[^ ].*) $/.exec(text)?.[1] ?? text;
}
