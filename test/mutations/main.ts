import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import startNeeded from '../emulators/global-setup.ts';
import stopEmulators from '../emulators/global-teardown.ts';
import { checkMutation, type MutationResult, type Trial } from './check-mutation.ts';
import { JestProcess } from './jest-process.ts';
import { isSimulation, type Mutation } from './mutation.ts';
import { readTable } from './read-table.ts';
import { runFiles, runTests } from './run-tests.ts';
import { TestReport } from './test-report.ts';
import { TestsBefore } from './tests-before.ts';
import { WorkCopy } from './work-copy.ts';

const root = join(import.meta.dirname, '../..');
const table = 'docs/mutations.md';
const copyCount = 2;

/**
 * `npm run mutations [-- WORD…]`: breaks each line of the table, or of the rows with one of the words in promise or file,
 * one at a time, and fails unless its tests notice. First it wants to see these tests pass: those of all rows in one run
 * in a copy, and in the report of the whole suite too, where `--report=FILE` names one of this very tree; with
 * `--isolated` those of each row by themselves.
 */
async function main(): Promise<number> {
  const { values, positionals: words } = parseArgs({
    options: { isolated: { type: 'boolean', default: false }, report: { type: 'string' } },
    allowPositionals: true,
  });
  const { isolated, report } = values;
  const mutations = readTable(readFileSync(join(root, table), 'utf8'), table).filter(isWanted(words));
  if (mutations.length === 0) throw new Error(`no row of ${table} has ${words.join(' or ')}`);
  const suite = report === undefined ? undefined : TestReport.read(report, root);
  using scope = new DisposableStack();
  const copies = Array.from({ length: copyCount }, () => scope.use(new WorkCopy(root)));
  const workers = copies.map((copy) => ({ copy, jest: scope.use(new JestProcess(copy.path)) }));
  await startEmulators(mutations);
  const copy = isolated ? undefined : await runTogether(mutations, copies[0]);
  const before = new TestsBefore(isolated ? {} : { suite, copy });
  const results = await checkAll(mutations, workers, before);
  await stopEmulators();
  const killed = results.filter(({ kind }) => kind === 'killed').length;
  process.stdout.write(`${killed} of ${mutations.length} mutations killed\n`);
  return killed === mutations.length && killed > 0 ? 0 : 1;
}

/** Once for all rows: Google's emulators take Java longer to start than most rows take. */
async function startEmulators(mutations: readonly Mutation[]): Promise<void> {
  const files = new Set(mutations.flatMap(({ tests }) => tests).map((file) => join(root, file)));
  const isMatch = (path: string) => files.has(path);
  await startNeeded({ rootDir: root, testPathPatterns: { toExecutor: () => ({ isMatch }) } });
}

/** One run of the rows' test files in a copy. The simulation has its own, or is in the suite's report. */
async function runTogether(
  mutations: readonly Mutation[],
  copy: WorkCopy | undefined,
): Promise<TestReport | undefined> {
  const files = new Set(mutations.filter((row) => !isSimulation(row)).flatMap(({ tests }) => tests));
  if (copy === undefined || files.size === 0) return undefined;
  const started = performance.now();
  const report = await runFiles(copy.path, [...files]);
  process.stdout.write(`${files.size} test files ran before any change (${formatSeconds(started).trim()})\n`);
  return report;
}

interface Worker {
  readonly copy: WorkCopy;
  readonly jest: JestProcess;
}

async function checkAll(
  mutations: readonly Mutation[],
  workers: readonly Worker[],
  before: TestsBefore,
): Promise<readonly MutationResult[]> {
  const queue = mutations.values();
  const results: MutationResult[] = [];
  const work = async ({ copy, jest }: Worker) => {
    const run = (mutation: Mutation) => runTests(jest, mutation);
    const trial: Trial = {
      testsBefore: (mutation) => before.resultOf(mutation, () => run(mutation)),
      testsAfter: (mutation) => copy.whileMutated(mutation, () => run(mutation)),
    };
    // The workers take from one iterator, each row once.
    for (const mutation of queue) {
      const started = performance.now();
      const result = await checkMutation(mutation, trial);
      results.push(result);
      print(mutation, result, started);
    }
  };
  await Promise.all(workers.map(work));
  return results;
}

function isWanted(words: readonly string[]): (mutation: Mutation) => boolean {
  return ({ promise, file }) =>
    words.length === 0 ||
    words.some((word) => `${promise} ${file}`.toLowerCase().includes(word.toLowerCase()));
}

function print({ promise, file }: Mutation, result: MutationResult, startedMs: number): void {
  const word =
    result.kind === 'killed'
      ? `killed${result.how === 'timeout' ? ' (timeout)' : ''}`
      : result.kind.toUpperCase();
  process.stdout.write(`${word.padEnd(9)} ${formatSeconds(startedMs)}  ${promise} [${file}]\n`);
  if (result.kind === 'invalid') process.stdout.write(`          ${result.why}\n`);
}

function formatSeconds(startedMs: number): string {
  return `${((performance.now() - startedMs) / 1000).toFixed(1).padStart(5)} s`;
}

process.exitCode = await main();
