import { execFileSync } from 'node:child_process';
import { chmodSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A command line that a document shows to be pasted, or mentions in a sentence. */
export interface QuotedLine {
  /** Such as `README.md:12`. */
  readonly place: string;
  readonly text: string;
}

const root = join(import.meta.dirname, '../..');
const documents = [
  'README.md',
  'CHANGELOG.md',
  'deploy-loop.example.yaml',
  // The code spans of docs/mutations.md are code and names of tests.
  ...globSync('docs/**/*.md', { cwd: root }).filter((file) => file !== 'docs/mutations.md'),
];
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** The lines of blocks of shell commands, and those behind `$` in other blocks. */
export function linesToPaste(): readonly QuotedLine[] {
  return documents.flatMap((file) =>
    [...withoutShown(read(file)).matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)].flatMap(
      ({ 1: kind, 2: body = '', index }) => {
        const first = read(file).slice(0, index).split('\n').length + 1;
        const lines = body.replaceAll(/\\\n/g, '  ').split('\n');
        return lines.flatMap((line, offset) => {
          const text = kind === 'sh' ? line : (/^\$ (.*)/.exec(line)?.[1] ?? '');
          return text.trim() === '' ? [] : [{ place: `${file}:${first + offset}`, text }];
        });
      },
    ),
  );
}

/** Blank lines for a document that is shown as a whole: its commands are about records of its own. */
function withoutShown(text: string): string {
  return text.replaceAll(/^(`{4,})\w*\n[\s\S]*?^\1$/gm, (shown) => shown.replaceAll(/[^\n]/g, ''));
}

/** Code spans of documents, and commands in the texts and comments of the sources. @param commands those of the product */
export function linesMentioned(commands: readonly string[]): readonly QuotedLine[] {
  const spans = documents.flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((line, index) =>
        // The title of a test is no command.
        [...line.matchAll(/(?<!› )`([^`\n]+)`/g)].map(([, text = '']) => ({
          place: `${file}:${index + 1}`,
          text,
        })),
      )
      .map(({ place, text }) => ({ place, text: withName(text, commands) }))
      .filter(({ text }) => /^(deploy-loop|npm|npx|gcloud) \S/.test(text)),
  );
  const hint = /deploy-loop [a-z][a-z-]*(?: (?:--[a-z][a-z-]*|[A-Z]{2,}|\$\{[^}]*\}|'[^']*'))*/g;
  const hints = globSync('{shared,infra,functions}/**/*.ts', { cwd: root }).flatMap((file) =>
    [...read(file).matchAll(hint)].map(([text]) => ({
      place: file,
      text: text.replaceAll(/\$\{([^}]*)\}/g, (_, value: string) => sampleOf(value)),
    })),
  );
  return [...spans, ...hints];
}

/** What stands for a value of the sources; the id of a run, the options that name the records, or else a service. */
function sampleOf(value: string): string {
  if (value.startsWith('recordsOptions')) return '--records FILE';
  return /\b(id|runId)$/.test(value) ? 'RUN' : 'web';
}

/** `pause SERVICE` as the whole command that it stands for. */
function withName(text: string, commands: readonly string[]): string {
  const [first = '', second] = text.split(' ');
  return commands.includes(first) && second !== undefined ? `deploy-loop ${text}` : text;
}

/**
 * The words of every command in a line, as a shell gives them to the programs.
 * @param folder in which names with `*` are looked for
 * @throws {Error} the line calls a program that is none of these
 */
export function wordsOf({ place, text }: QuotedLine, folder: string = root): readonly (readonly string[])[] {
  const scratch = mkdtempSync(join(tmpdir(), 'deploy-loop-words-'));
  try {
    const programs = join(scratch, 'bin');
    mkdirSync(programs);
    for (const name of ['deploy-loop', 'npm', 'npx', 'gcloud', 'cat', 'curl', 'git', 'cd']) {
      const file = join(programs, name);
      writeFileSync(file, `#!/bin/sh\nprintf '%s\\0' ${name} "$@" >>"$CALLS"\nprintf '\\n' >>"$CALLS"\n`);
      chmodSync(file, 0o755);
    }
    const calls = join(scratch, 'calls');
    // What the line redirects goes nowhere.
    const line = text
      .replaceAll(/>{1,2} ?(?=[\w/])[^\s&]+/g, '>/dev/null')
      .replaceAll(/<\(.*?\)/g, 'ids.txt');
    execFileSync('/bin/sh', ['-c', line], {
      cwd: folder,
      env: { PATH: programs, CALLS: calls },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    return readFileSync(calls, 'utf8')
      .split('\n')
      .filter((call) => call !== '')
      .map((call) => call.split('\0').slice(0, -1));
  } catch (cause) {
    throw new Error(`${place}: a shell cannot run ${text}`, { cause });
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** What a call of this product's command line is given; undefined: it is a call of something else. */
export function argumentsOf(words: readonly string[]): readonly string[] | undefined {
  if (words[0] === 'deploy-loop') return words.slice(1);
  const script = words.indexOf('deploy-loop');
  const isScript = words[0] === 'npm' && words.includes('run') && words[script + 1] === '--';
  return isScript ? words.slice(script + 2) : undefined;
}
