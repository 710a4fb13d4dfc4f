import { marked, type Token, type Tokens } from 'marked';
import { type Priority, priorities } from '../../domain/checks/priorities.ts';
import type { IndexEntry } from './index-entry.ts';

/**
 * Reads an index of tests that people keep in Markdown: tables with a column for the file, and lists of
 * `file - text (N tests)`. Whatever names no file of tests is passed over.
 */
export function readTestIndex(markdown: string): readonly IndexEntry[] {
  const entries: IndexEntry[] = [];
  let category: string | undefined;
  for (const token of marked.lexer(markdown)) {
    if (isHeading(token)) category = plain(token.text);
    else if (isTable(token)) entries.push(...readTable(token, category));
    else if (isList(token)) entries.push(...readList(token, category));
  }
  return merge(entries);
}

const isHeading = (token: Token): token is Tokens.Heading => token.type === 'heading';
const isTable = (token: Token): token is Tokens.Table => token.type === 'table';
const isList = (token: Token): token is Tokens.List => token.type === 'list';

/** A path that ends like a file of tests: letters, digits and `._-/`, and an extension. */
const filePattern =
  /(?:[\w.-]+\/)*[\w.-]+\.(?:py|[cm]?[jt]sx?|go|rb|java|kt|cs|php|rs|feature)(?:::[\w:[\]-]+)?/;

function readTable({ header, rows }: Tokens.Table, category: string | undefined): IndexEntry[] {
  const names = header.map(({ text }) => plain(text).toLowerCase());
  const column = (words: RegExp) => names.findIndex((name) => words.test(name));
  const columns = {
    priority: column(/priorit/),
    file: column(/file|path|module|script/),
    tests: column(/^#|tests?\b|count|number/),
    impact: column(/impact|business|value|mrr|risk|purpose|description|coverage/),
  };
  return rows.flatMap((row) => {
    const cell = (at: number) => (at < 0 ? undefined : plain(row[at]?.text ?? ''));
    const file = filePattern.exec(cell(columns.file) ?? row.map(({ text }) => plain(text)).join(' '))?.[0];
    if (file === undefined) return [];
    const all = row.map(({ text }) => plain(text)).join(' ');
    const priority = priorityIn(cell(columns.priority) ?? all) ?? priorityIn(category ?? '');
    const text = cell(columns.impact) || undefined;
    return [
      { file, priority, tests: countIn(cell(columns.tests) ?? ''), category, text, mrrUsd: moneyIn(all) },
    ];
  });
}

function readList({ items }: Tokens.List, category: string | undefined): IndexEntry[] {
  return items.flatMap((item) => {
    const nested = item.tokens.filter(isList).flatMap((list) => readList(list, category));
    const text = plain(item.text.split('\n')[0] ?? '');
    const match = filePattern.exec(text);
    if (!match) return nested;
    const [file] = match;
    const rest = text.slice(match.index + file.length);
    const about = rest
      .replace(/\(\d[\d,]*\s+tests?\)/i, '')
      .replace(/^[\s:–—-]+/, '')
      .trim();
    const tests = /\((\d[\d,]*)\s+tests?\)/i.exec(rest)?.[1];
    const entry: IndexEntry = {
      file,
      priority: priorityIn(text.replace(file, '')) ?? priorityIn(category ?? ''),
      tests: tests === undefined ? undefined : Number(tests.replaceAll(',', '')),
      category,
      text: about || undefined,
      mrrUsd: moneyIn(rest),
    };
    return [entry, ...nested];
  });
}

/** Text without the marks of emphasis and code. */
function plain(text: string): string {
  return text
    .replace(/[*`]|~~/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim();
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

/** A file may stand in a table and again in a list: what the first lacks, the second may have. */
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
