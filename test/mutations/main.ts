import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkMutation, type MutationResult } from './check-mutation.ts';
import type { Mutation } from './mutation.ts';
import { readTable } from './read-table.ts';
import { runTests, type TestResult } from './run-tests.ts';
import { WorkCopy } from './work-copy.ts';

const root = join(import.meta.dirname, '../..');
const table = 'docs/mutations.md';
const copies = 2;

/**
 * `npm run mutations [-- WORD…]`: breaks each line of the table, or of the rows with one of the words in promise or file,
 * one at a time, and fails unless its tests notice.
 */
async function main(words: readonly string[]): Promise<number> {
  const isWanted = ({ promise, file }: Mutation) =>
    words.length === 0 ||
    words.some((word) => `${promise} ${file}`.toLowerCase().includes(word.toLowerCase()));
  const mutations = readTable(readFileSync(join(root, table), 'utf8'), table).filter(isWanted);
  if (mutations.length === 0) throw new Error(`no row of ${table} has ${words.join(' or ')}`);
  const queue = mutations.values();
  const before = new Map<string, Promise<TestResult>>();
  const results: MutationResult[] = [];
  const work = async () => {
    using copy = new WorkCopy(root);
    const testsBefore = (mutation: Mutation) => {
      const key = JSON.stringify([mutation.tests, mutation.testName]);
      // Rows with the same tests see them pass once, whichever worker does it: the copies are the same.
      const result = before.get(key) ?? runTests(copy.path, mutation);
      before.set(key, result);
      return result;
    };
    const testsAfter = (mutation: Mutation) =>
      copy.whileMutated(mutation, () => runTests(copy.path, mutation));
    // The workers take from one iterator, each row once.
    for (const mutation of queue) {
      const started = performance.now();
      const result = await checkMutation(mutation, { testsBefore, testsAfter });
      results.push(result);
      print(mutation, result, performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: copies }, work));
  const killed = results.filter(({ kind }) => kind === 'killed').length;
  process.stdout.write(`${killed} of ${mutations.length} mutations killed\n`);
  return killed === mutations.length && killed > 0 ? 0 : 1;
}

function print({ promise, file }: Mutation, result: MutationResult, ms: number): void {
  const word =
    result.kind === 'killed'
      ? `killed${result.how === 'timeout' ? ' (timeout)' : ''}`
      : result.kind.toUpperCase();
  process.stdout.write(`${word.padEnd(9)} ${(ms / 1000).toFixed(1).padStart(5)} s  ${promise} [${file}]\n`);
  if (result.kind === 'invalid') process.stdout.write(`          ${result.why}\n`);
}

process.exitCode = await main(process.argv.slice(2));
