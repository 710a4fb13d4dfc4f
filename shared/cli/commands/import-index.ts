import { Command } from 'commander';
import { stringify } from 'yaml';
import { type CollectedTests, readCollected } from '../../config/test-index/collected-tests.ts';
import { compareTestIndex, type IndexDisagreement } from '../../config/test-index/compare-test-index.ts';
import type { IndexEntry } from '../../config/test-index/index-entry.ts';
import { readTestIndex } from '../../config/test-index/read-test-index.ts';
import { suitesOfIndex } from '../../config/test-index/suites-of-index.ts';
import { CommandSuiteSchema } from '../../contracts/suites/command-suite.ts';
import { countOf } from '../../domain/render/count-of.ts';
import { indexDocument } from '../../output/report-output.ts';
import type { CliIo } from '../cli-io.ts';
import { BadInputError } from '../exit/bad-input-error.ts';
import { CommandExit } from '../exit/command-exit.ts';
import { exitCodes } from '../exit/exit-codes.ts';
import { printDocument } from '../exit/print-document.ts';
import { readTextFile } from '../input/read-text-file.ts';

interface ImportOptions {
  readonly collected?: string;
  readonly list: string;
  readonly run: string;
  readonly json?: true;
}

/** Enough for lists of tens of thousands of tests. */
const maxCollectedMebibytes = 64;

/** `deploy-loop import-index FILE.md`: generates suites from a Markdown index of tests. Makes no network call. */
export function importIndexCommand(io: CliIo): Command {
  return new Command('import-index')
    .description('generate suites for the config from a Markdown index of tests, and report its errors')
    .argument('<file>', 'the index, in Markdown')
    .option('--collected <file>', 'the ids of all tests, one per line, to compare with the index')
    .option(
      '--list <template>',
      'the command that lists the tests of {file}',
      'pytest --collect-only -q {file}',
    )
    .option('--run <template>', 'the command that runs tests', 'pytest -q --junitxml={results} {tests}')
    .action(async (file: string, _options, command: Command) => {
      await importIndex(file, command.optsWithGlobals<ImportOptions>(), io);
    });
}

async function importIndex(file: string, options: ImportOptions, io: CliIo): Promise<void> {
  assertTemplates(options);
  const { entries, patterns } = readTestIndex(await readTextFile(file, io.cwd));
  if (entries.length === 0)
    throw new BadInputError(
      `${file}: names no test file: expected a table or a list with file names${gapsOf(patterns)}`,
    );
  const suites = suitesOfIndex(entries, options).map(withoutDefaults);
  const collected = options.collected === undefined ? undefined : await readIds(options.collected, io);
  const disagreements = collected === undefined ? [] : compareTestIndex(entries, collected.files);
  // They are to be mended before the suites are used.
  const code = disagreements.length > 0 ? exitCodes.disagreement : exitCodes.pass;
  if (options.json) return printDocument(indexDocument(suites, patterns, disagreements, code), io);
  io.stdout.write(stringify({ suites }));
  const strange = collected?.strange;
  const lines = [
    summarize(entries),
    ...patterns.map(
      (pattern) => `${pattern}: a pattern, so no suite was generated: name its files in the index`,
    ),
    ...(strange === undefined ? [] : [describeStrange(`${options.collected}`, strange)]),
    ...disagreements.map(describe),
  ];
  io.stderr.write(`${lines.join('\n')}\n`);
  if (code !== exitCodes.pass) throw new CommandExit(code);
}

function gapsOf(patterns: readonly string[]): string {
  return patterns.length === 0 ? '' : `, and not patterns such as ${patterns[0]}`;
}

/** @throws {BadInputError} the file contains no id */
async function readIds(file: string, { cwd }: CliIo): Promise<CollectedTests> {
  const collected = readCollected(await readTextFile(file, cwd, maxCollectedMebibytes));
  if (collected.files.size > 0) return collected;
  const { line, text } = collected.strange ?? { line: 1, text: '' };
  throw new BadInputError(
    `${file}:${line}: no test ids here, but ${JSON.stringify(text.slice(0, 80))}: expected one per line, as pytest --collect-only -q prints them`,
  );
}

function describeStrange(
  file: string,
  { count, line, text }: NonNullable<CollectedTests['strange']>,
): string {
  const others =
    count === 1
      ? 'a line is not a test id and is ignored'
      : `${count} lines are not test ids and are ignored`;
  return `${file}:${line}: ${others}: ${JSON.stringify(text.slice(0, 80))}`;
}

/** @throws {BadInputError} no suite could be generated */
function assertTemplates({ list, run }: ImportOptions): void {
  const tried = CommandSuiteSchema.safeParse({
    name: 'any',
    kind: 'command',
    list: list.replaceAll('{file}', 'file'),
    run: run.replaceAll('{file}', 'file'),
  });
  if (tried.success) return;
  const faults = tried.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`);
  throw new BadInputError(faults.join('\n'));
}

/** The suite as a person would write it: only the keys that the index determines. */
function withoutDefaults({
  name,
  kind,
  priority,
  category,
  impact,
  list,
  run,
}: ReturnType<typeof suitesOfIndex>[number]) {
  return { name, kind, priority, ...(category && { category }), ...(impact && { impact }), list, run };
}

function summarize(entries: readonly IndexEntry[]): string {
  const counted = entries.reduce((sum, { tests = 0 }) => sum + tests, 0);
  const unranked = entries.filter(({ priority }) => priority === undefined).length;
  const rest =
    unranked > 0
      ? `; ${countOf(unranked, 'has no priority and defaults to P3', 'have no priority and default to P3')}`
      : '';
  return `${countOf(entries.length, 'file')}, ${countOf(counted, 'test')} according to the index${rest}`;
}

function describe(disagreement: IndexDisagreement): string {
  const { kind, file } = disagreement;
  switch (kind) {
    case 'not-collected': {
      const { didYouMean } = disagreement;
      return `${file}: in the index, but none of its tests was collected${didYouMean ? `; did you mean ${didYouMean}?` : ''}`;
    }
    case 'count':
      return `${file}: ${countOf(disagreement.indexed, 'test')} in the index, ${disagreement.collected} collected`;
    case 'not-indexed':
      return `${file}: ${disagreement.collected ?? 'its'} tests collected, but not in the index`;
    default:
      return kind satisfies never;
  }
}
