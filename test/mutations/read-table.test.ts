import { describe, expect, it } from '@jest/globals';
import { readTable } from './read-table.ts';

const header = '| promise | file | line to change | mutated line | test files | test name pattern |';
const dashes = '|---|---|---|:--|---|---|';
const table = (...rows: string[]) => ['# Mutations', '', header, dashes, ...rows, ''].join('\n');
const row = '| it holds | `a.ts` | `x` | `y` | `t.test.ts` | `name` |';

describe('readTable', () => {
  it('reads a row', () => {
    expect(readTable(table(row), 'm.md')).toEqual([
      {
        promise: 'it holds',
        file: 'a.ts',
        original: 'x',
        mutated: 'y',
        tests: ['t.test.ts'],
        testName: 'name',
      },
    ]);
  });

  it.each([
    ['a bar', '`a \\|\\| b`', 'a || b'],
    ['backticks', '`` `a` ``', '`a`'],
    ['leading blanks', '`  a`', '  a'],
    ['one blank, which removes the line', '` `', ' '],
    ['a backslash', '`a\\n`', 'a\\n'],
  ])('takes %s in a code span', (_, cell, mutated) => {
    expect(readTable(table(row.replace('`y`', cell)), 'm.md')).toMatchObject([{ mutated }]);
  });

  it('takes several test files, and no pattern for all their tests', () => {
    const several = row.replace('`t.test.ts` | `name`', '`t.test.ts`, `u.test.ts` | ');
    expect(readTable(table(several), 'm.md')).toMatchObject([
      { tests: ['t.test.ts', 'u.test.ts'], testName: '' },
    ]);
  });

  it.each([
    ['too few cells', '| it holds | `a.ts` |'],
    ['too many cells, as of a bar that is not escaped', row.replace('`x`', '`x || z`')],
    ['a cell that is no code', row.replace('`a.ts`', 'a.ts')],
    ['a code span that does not end', row.replace('`x`', '`x')],
    ['two code spans where one is due', row.replace('`x`', '`x` `z`')],
    ['an empty code span', row.replace('`y`', '``')],
    ['an empty cell', row.replace('`y`', '')],
    ['no promise', row.replace('it holds', '')],
  ])('refuses %s, and says where', (_, bad) => {
    expect(() => readTable(table(row, bad), 'm.md')).toThrow(/^m\.md:6: /);
  });

  it('names every malformed row', () => {
    expect(() => readTable(table('| a |', row, '| b |'), 'm.md')).toThrow(/m\.md:5: .*\nm\.md:7: /);
  });

  it.each([
    ['no table', '# Mutations'],
    ['other columns', table(row).replace('promise', 'wish')],
    ['no line of dashes', [header, row].join('\n')],
    ['no rows', table()],
  ])('refuses %s', (_, text) => {
    expect(() => readTable(text, 'm.md')).toThrow('m.md');
  });
});
