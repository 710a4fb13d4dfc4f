import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from '@jest/globals';
import type { Command } from 'commander';
import { CommanderError } from 'commander';
import { z } from 'zod';
import { commandLoaders } from '../../shared/cli/command-loaders.ts';
import { whyOption } from '../../shared/cli/options/audit-options.ts';
import { recordsOption } from '../../shared/cli/options/store-options.ts';
import { makeProgram } from '../../shared/cli/run-cli.ts';
import { captureCli } from '../cli/captured-io.ts';
import { argumentsOf, linesMentioned, linesToPaste, type QuotedLine, wordsOf } from './quoted-commands.ts';

const names = [...commandLoaders.keys()];
const silent = { write: () => undefined };

/** Parses a command line as the product does, without running it. @throws {CommanderError} as the product does */
async function parse(args: readonly string[]): Promise<Command> {
  const program = await makeProgram(args, {
    stdout: silent,
    stderr: silent,
    env: {},
    cwd: '/',
    isTty: false,
  });
  let called = program;
  for (const command of program.commands)
    command.action(() => {
      called = command;
    });
  await program.parseAsync(args, { from: 'user' });
  return called;
}

/** What is wrong with a line that people paste; undefined: nothing. */
async function faultOf(args: readonly string[]): Promise<string | undefined> {
  try {
    const command = await parse(args);
    const { why, dryRun, records, firestore } = command.opts<Record<string, unknown>>();
    const takes = (option: object) => command.options.some((one) => one === option);
    if (takes(whyOption) && why === undefined && dryRun === undefined) return 'it lacks --why';
    const needsRecords = takes(recordsOption) && !['guard', 'diagnose'].includes(command.name());
    return needsRecords && records === undefined && firestore === undefined
      ? 'it names no records'
      : undefined;
  } catch (error) {
    if (error instanceof CommanderError) return error.message;
    throw error;
  }
}

/** What a sentence may leave out. */
const incomplete = ['missingArgument', 'missingMandatoryOptionValue', 'optionMissingArgument', 'help'];

/** What is wrong with a command that a sentence mentions. */
async function faultOfMention(args: readonly string[]): Promise<string | undefined> {
  try {
    await parse(args.map(sample));
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return incomplete.some((code) => error.code === `commander.${code}`) ? undefined : error.message;
  }
}

/** A value in place of a word in capitals. */
function sample(word: string): string {
  const samples: Readonly<Record<string, string>> = {
    RUN: '0123456789abcdef0123',
    SERVICE: 'web',
    REVISION: 'web-1',
    BUILD: '00000000-0000-4000-8000-000000000001',
    DURATION: '60s',
    N: '1',
  };
  return samples[word] ?? word;
}

const calls = linesToPaste().flatMap((line) => wordsOf(line).map((words) => ({ ...line, words })));
const ours = calls.flatMap(({ words, ...line }) => {
  const args = argumentsOf(words);
  return args ? [[line.place, line.text, args] as const] : [];
});

describe('a command line that a document shows', () => {
  test.each(ours)('%s: %s', async (_place, _text, args) => {
    expect(await faultOf(args)).toBeUndefined();
  });

  it('is found in README and in the guides', () => {
    const files = new Set(ours.map(([place]) => place.split(':')[0]));
    expect([...files]).toEqual(
      expect.arrayContaining(['README.md', 'docs/config.md', 'docs/cloud-build.md']),
    );
    expect(ours.length).toBeGreaterThan(20);
  });
});

test('every npm script that a document names is in package.json', () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')));
  const mentioned = linesMentioned(names).filter(({ text }) => text.startsWith('npm '));
  const all = [...calls, ...mentioned.flatMap((line) => wordsOf(line).map((words) => ({ ...line, words })))];
  const unknown = all.filter(({ words: [program, verb = '', ...rest] }) => {
    if (program !== 'npm' || verb === 'ci' || verb.startsWith('-')) return false;
    const script = verb === 'run' ? rest.find((word) => !word.startsWith('-')) : verb;
    return script === undefined || !Object.hasOwn(scripts, script);
  });
  expect(unknown).toEqual([]);
});

test('every command that a sentence, a text of the product or a comment mentions exists, with its options', async () => {
  const faults: (QuotedLine & { readonly fault: string })[] = [];
  for (const line of linesMentioned(names)) {
    if (!line.text.startsWith('deploy-loop ') || line.text.includes('…')) continue;
    const [words = []] = wordsOf(line);
    const fault = await faultOfMention(words.slice(1));
    if (fault !== undefined) faults.push({ ...line, fault });
  }
  expect(faults).toEqual([]);
});

describe('the help', () => {
  it('shows examples that can be called', async () => {
    const { stdout } = await captureCli(['--help']);
    const examples = [...stdout.matchAll(/^ {2}\$ (.+)$/gm)].map(([, text = '']) => text);
    expect(examples.length).toBeGreaterThan(5);
    for (const text of examples)
      for (const words of wordsOf({ place: '--help', text }))
        expect([text, await faultOf(words.slice(1))]).toEqual([text, undefined]);
  });

  test.each(['rollback', 'promote', 'pin', 'pause', 'freeze', 'rerun'])(
    'of %s asks for --why at once',
    async (name) => {
      expect((await captureCli([name, '--help'])).stdout).toMatch(/^Usage: deploy-loop \S+ --why <text> /);
    },
  );

  test.each(['resume', 'unfreeze', 'unpin'])(
    'of %s does not ask for what it can do without',
    async (name) => {
      const { stdout } = await captureCli([name, '--help']);
      expect(stdout).toMatch(/^Usage: deploy-loop \S+ /);
    },
  );
});
