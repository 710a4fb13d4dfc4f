import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { describeWithGcloud } from '../emulators/needs.ts';
import { linesMentioned, linesToPaste, type QuotedLine, wordsOf } from './quoted-commands.ts';

const guide = readFileSync(join(import.meta.dirname, '../../docs/cloud-build.md'), 'utf8');
const [, snippet = ''] = /```yaml\n([\s\S]*?)```/.exec(guide) ?? [];
const { steps } = z.object({ steps: z.array(z.object({ args: z.string().array() })) }).parse(parse(snippet));
const inSteps = steps.map(
  ({ args }): QuotedLine => ({ place: 'docs/cloud-build.md', text: args.at(-1) ?? '' }),
);

const Verdicts = z.array(
  z.object({ command_string: z.string(), success: z.boolean(), error_message: z.string().nullish() }),
);

/** What the real gcloud says of command lines, without running them; it needs no account. */
function lint(commands: readonly string[]): z.infer<typeof Verdicts> {
  const folder = mkdtempSync(join(tmpdir(), 'deploy-loop-gcloud-'));
  try {
    const file = join(folder, 'commands.json');
    writeFileSync(file, JSON.stringify(commands.map((command_string) => ({ command_string }))));
    const env = { PATH: process.env.PATH, CLOUDSDK_CONFIG: folder, HOME: folder };
    const args = ['meta', 'lint-gcloud-commands', `--commands-file=${file}`];
    return Verdicts.parse(JSON.parse(execFileSync('gcloud', args, { env, encoding: 'utf8', stdio: 'pipe' })));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describeWithGcloud('the gcloud commands of the documents', () => {
  it('are ones that gcloud knows, with their options', () => {
    const mentioned = linesMentioned([]).filter(({ text }) => text.startsWith('gcloud '));
    const commands = [...linesToPaste(), ...inSteps, ...mentioned]
      .flatMap((line) => wordsOf(line))
      .filter(([program]) => program === 'gcloud')
      .map((words) => words.map((word) => (/[\s']/.test(word) ? `"${word}"` : word)).join(' '));
    expect(commands.length).toBeGreaterThan(5);
    const verdicts = lint([...new Set(commands), 'gcloud run jobs crate my-tests']);
    expect(verdicts.filter(({ success }) => !success).map(({ command_string }) => command_string)).toEqual([
      'gcloud run jobs crate my-tests',
    ]);
  });
});
