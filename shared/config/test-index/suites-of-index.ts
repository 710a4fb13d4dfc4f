import type { CommandSuite } from '../../contracts/suites/command-suite.ts';
import { CommandSuiteSchema } from '../../contracts/suites/command-suite.ts';
import type { IndexEntry } from './index-entry.ts';

/** The commands that list and run the tests of a file; `{file}` stands for the file. */
export interface SuiteTemplates {
  readonly list: string;
  readonly run: string;
}

/** One suite for each file of an index, with a name of its own. */
export function suitesOfIndex(
  entries: readonly IndexEntry[],
  { list, run }: SuiteTemplates,
): readonly CommandSuite[] {
  const taken = new Set<string>();
  return entries.map(({ file, priority, category, text, mrrUsd }) => {
    const filled = (template: string) => template.replaceAll('{file}', quote(file));
    const impact = text === undefined && mrrUsd === undefined ? undefined : { text: text ?? file, mrrUsd };
    return CommandSuiteSchema.parse({
      name: freeName(nameOf(file), taken),
      kind: 'command',
      ...(priority !== undefined && { priority }),
      ...(category !== undefined && { category: category.slice(0, 100) }),
      ...(impact !== undefined && { impact: { ...impact, text: impact.text.slice(0, 500) } }),
      list: filled(list),
      run: filled(run),
    });
  });
}

const maxNameLength = 60;

/** `tests/e2e/test_priority1_critical.py` is `priority1-critical`. */
function nameOf(file: string): string {
  const base = (file.split('/').at(-1) ?? file)
    .replace(/\.\w+$/, '')
    .replace(/^test[_-]|[_.-]test$|\.spec$/i, '');
  const name = base
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, maxNameLength);
  return name.replace(/-+$/, '') || 'tests';
}

function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${name}-${n}`;
  taken.add(free);
  return free;
}

/** As one word of a shell. */
function quote(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
