import { marked, type Token, type Tokens } from 'marked';
import { type Priority, priorities } from '../../domain/checks/priorities.ts';
import type { IndexEntry } from './index-entry.ts';
import { folderIn, withinFolder } from './index-folder.ts';
import { type NamedFiles, namedFiles, patternsIn } from './name-files.ts';

export interface TestIndex {
  readonly entries: readonly IndexEntry[];
  /** Patterns such as `tests/test_*.py`: they name files, but no suite is made of them. */
  readonly patterns: readonly string[];
}

/** The headings above an entry. */
interface Section {
  readonly depth: number;
  readonly category: string | undefined;
  readonly folder: string | undefined;
}

/** Of one token. */
type Found = TestIndex;

const outside: Section = { depth: 0, category: undefined, folder: undefined };
/** Headings of sections that do not list tests. */
const aside =
  /^(notes?|examples?|usage|templates?|commands?|how to\b.*|running\b.*|config(uration)?( files)?|troubleshooting|conventions?)$/i;

/**
 * Reads a Markdown index of tests: headings that name a file or a folder, tables with a column for the file, and lists
 * of `file - text (N tests)`. Lines that name no test file where one is expected are ignored: prose, examples,
 * commands.
 */
export function readTestIndex(markdown: string): TestIndex {
  const found: Found[] = [];
  const above: Section[] = [outside];
  for (const token of marked.lexer(markdown)) {
    const section = above.at(-1) ?? outside;
    if (isHeading(token)) {
      while ((above.at(-1)?.depth ?? 0) >= token.depth) above.pop();
      const outer = above.at(-1) ?? outside;
      above.push(sectionOf(token, outer));
      found.push(readHeading(token, outer));
    } else if (isTable(token)) found.push(...readTable(token, section));
    else if (isList(token)) found.push(...readList(token, section));
    else if (isPlace(token))
      above.splice(-1, 1, { ...section, folder: folderIn(token.text) ?? section.folder });
  }
  const entries = merge(found.flatMap((one) => one.entries));
  return { entries, patterns: [...new Set(found.flatMap((one) => one.patterns))] };
}

const isHeading = (token: Token): token is Tokens.Heading => token.type === 'heading';
const isTable = (token: Token): token is Tokens.Table => token.type === 'table';
const isList = (token: Token): token is Tokens.List => token.type === 'list';

/** `Location: tests/e2e/` */
const isPlace = (token: Token): token is Tokens.Paragraph =>
  token.type === 'paragraph' && /^[*_`]*(location|folder|directory|dir|path)\b/i.test(token.text);

function sectionOf({ depth, text, tokens }: Tokens.Heading, outer: Section): Section {
  const own = folderIn(text);
  const folder = own === undefined ? outer.folder : withinFolder(outer.folder, own);
  return { depth, category: plain(tokens), folder };
}

function readHeading({ tokens }: Tokens.Heading, outer: Section): Found {
  const shown = plain(tokens);
  const named = namedFiles(shown);
  const patterns = named.patterns.length > 0 ? named.patterns : patternsIn(shown);
  const about = { priority: priorityIn(named.rest), tests: testsIn(named.rest), mrrUsd: moneyIn(named.rest) };
  return foundIn({ ...named, patterns }, about, outer);
}

function readTable({ header, rows }: Tokens.Table, section: Section): Found[] {
  const names = header.map(({ tokens }) => plain(tokens).toLowerCase());
  const column = (words: RegExp, but = -1) => names.findIndex((name, at) => at !== but && words.test(name));
  const file = column(/file|path|module|script/);
  const columns = {
    priority: column(/priorit/),
    folder: column(/folder|director|location/),
    file,
    tests: column(/^#|tests?\b|count|number/, file),
    impact: column(/impact|business|value|mrr|risk|purpose|description|coverage/),
  };
  return rows.map((row) => {
    const cells = row.map(({ tokens }) => plain(tokens));
    const cell = (at: number) => (at < 0 ? undefined : (cells[at] ?? ''));
    const named = namedFiles(cell(columns.file) ?? cells.find(isWhollyFiles) ?? '');
    const all = cells.join(' ');
    const folder = folderIn(row[columns.folder]?.text ?? '');
    const about = {
      priority: priorityIn(cell(columns.priority) ?? all),
      tests: countIn(cell(columns.tests) ?? ''),
      text: cell(columns.impact) || undefined,
      mrrUsd: moneyIn(all),
    };
    return foundIn(named, about, { ...section, folder: folder ?? section.folder });
  });
}

function isWhollyFiles(cell: string): boolean {
  const { files, patterns, rest } = namedFiles(cell);
  return files.length + patterns.length > 0 && rest === '';
}

function readList({ items }: Tokens.List, section: Section): Found[] {
  return items.flatMap((item) => {
    const line = item.text.split('\n')[0] ?? '';
    const shown =
      plain(item.tokens.filter((token) => !isList(token) && token.type !== 'checkbox')).split('\n')[0] ?? '';
    const text = withoutLabel(shown);
    const named = namedFiles(text);
    const isFile = named.files.length + named.patterns.length > 0;
    const folder = isFile ? undefined : folderIn(line);
    const inner =
      folder === undefined ? section : { ...section, folder: withinFolder(section.folder, folder) };
    const nested = item.tokens.filter(isList).flatMap((list) => readList(list, inner));
    const about = named.rest
      .replace(/\(\d[\d,]*\s+tests?\)/i, '')
      .replace(/^[\s:–—-]+/, '')
      .trim();
    const facts = {
      priority: priorityIn(`${shown.slice(0, -text.length)} ${named.rest}`),
      tests: testsIn(named.rest),
      text: about || undefined,
      mrrUsd: moneyIn(named.rest),
    };
    return [foundIn(named, facts, section), ...nested];
  });
}

/** An emoji, a priority or a word with a colon may precede the file of a list item. */
function withoutLabel(text: string): string {
  const bare = text.replace(/^[^\p{L}\p{N}./_@*]+/u, '').replace(/^P[1-6]\b[\s:–—-]*/i, '');
  const label = /^([\p{L}\p{N} /&-]{1,40}):\s+/u.exec(bare);
  return label && !notOfTests.test(label[1] ?? '') ? bare.slice(label[0].length) : bare;
}

const notOfTests =
  /^(e\.?g|for example|examples?|see|run|usage|use|config|notes?|output|helpers?|fixtures?|commands?)\b/i;

type About = Omit<IndexEntry, 'file' | 'category'>;

/** A number of tests that several files share says nothing about one of them. */
function foundIn({ files, patterns }: NamedFiles, about: About, { category, folder }: Section): Found {
  if (aside.test(category ?? '')) return { entries: [], patterns: [] };
  const entries = files.map((file) => ({
    ...about,
    file: withinFolder(folder, file),
    priority: about.priority ?? priorityIn(category ?? ''),
    tests: files.length === 1 ? about.tests : undefined,
    category,
  }));
  return { entries, patterns: patterns.map((pattern) => withinFolder(folder, pattern)) };
}

/** `(25 tests)` */
function testsIn(text: string): number | undefined {
  const tests = /\((\d[\d,]*)\s+tests?\)/i.exec(text)?.[1];
  return tests === undefined ? undefined : Number(tests.replaceAll(',', ''));
}

/** Text without the marks of emphasis, code and links: the `*` of a pattern in code stays. */
function plain(tokens: readonly Token[] | undefined): string {
  const textOf = (token: Token): string =>
    'tokens' in token && token.tokens ? plain(token.tokens) : 'text' in token ? token.text : token.raw;
  return (tokens ?? []).map(textOf).join('').trim();
}

function priorityIn(text: string): Priority | undefined {
  const digit = /\b(?:p|priority\s*)([1-6])\b/i.exec(text)?.[1];
  return priorities.find((priority) => priority === `P${digit}`);
}

/** `25`, `1-25` (from and to) or `25 tests`. */
function countIn(text: string): number | undefined {
  const range = /^#?(\d+)\s*[-–]\s*#?(\d+)/.exec(text);
  if (range) return Number(range[2]) - Number(range[1]) + 1;
  const single = /\d[\d,]*/.exec(text)?.[0];
  return single === undefined ? undefined : Number(single.replaceAll(',', ''));
}

/** `$120K+`, `$1.5M`, `$500`. */
function moneyIn(text: string): number | undefined {
  const match = /\$\s?(\d[\d,]*(?:\.\d+)?)\s?([KM])?\b/i.exec(text);
  if (!match) return undefined;
  const [, amount = '', unit = ''] = match;
  const factor = { k: 1_000, m: 1_000_000 }[unit.toLowerCase()] ?? 1;
  return Math.round(Number(amount.replaceAll(',', '')) * factor);
}

/** A file may occur in a table and again in a list: the second entry fills the gaps of the first. */
function merge(entries: readonly IndexEntry[]): readonly IndexEntry[] {
  const merged = new Map<string, IndexEntry>();
  for (const entry of entries) {
    const before = merged.get(entry.file);
    merged.set(entry.file, {
      file: entry.file,
      priority: before?.priority ?? entry.priority,
      tests: before?.tests ?? entry.tests,
      category: before?.category ?? entry.category,
      text: before?.text ?? entry.text,
      mrrUsd: before?.mrrUsd ?? entry.mrrUsd,
    });
  }
  return [...merged.values()];
}
