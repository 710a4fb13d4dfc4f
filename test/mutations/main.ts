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

/** Breaks each line of the table, one at a time, and fails unless its tests notice; with words, only rows with one of them. */
async function main(words: readonly string[]): Promise<number> {
  const all = readTable(readFileSync(join(root, table), 'utf8'), table);
  const mutations = all.filter(
    (row) => words.length === 0 || words.some((word) => JSON.stringify(row).includes(word)),
  );
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
