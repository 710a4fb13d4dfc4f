import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Voice } from '../../infra/local/story/voice.ts';
import { createProgress } from '../../shared/cli/format/progress.ts';
import { captureCli } from './captured-io.ts';
import { runProcess } from './run-process.ts';

const odd = '\u001b[31mred\u009b0m\u0007\u202eltr\u2066\u200f\ufeff\u2028\u{e0041}';
const clean = /^[\n\x20-\x7e…✓✗?→—ä]*$/u;

describe('what is printed', () => {
  let cwd = '';
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'deploy-loop-printed-'));
  });
  afterAll(() => rm(cwd, { recursive: true }));

  it.each([
    [['runs', '--limit', odd]],
    [['runs', `--${odd}`]],
    [[odd]],
    [['show', odd, '--records', 'none.json']],
    [['validate', `${odd}.yaml`]],
    [['validate', `${odd}.yaml`, '--json']],
    [['pause', 'web', '--why', odd, '--records', 'none.json']],
  ])('has no control character of an argument: %j', async (args) => {
    const { stdout, stderr, code } = await captureCli(args, { cwd });
    expect(code).not.toBe(0);
    expect(stdout + stderr).toMatch(clean);
    expect(stdout + stderr).not.toBe('');
  });

  it('has none of a file, and JSON is the same data', async () => {
    const report = `<testsuite><testcase name="caf\u202e\u00e4" classname="a"><error message="\u202e\u200f"/></testcase></testsuite>`;
    await writeFile(join(cwd, 'r.xml'), report);
    const text = await captureCli(['results', 'r.xml'], { cwd });
    expect(text.stdout + text.stderr).toMatch(clean);
    const { stdout } = await captureCli(['results', 'r.xml', '--json'], { cwd });
    expect(stdout).toMatch(clean);
    expect(JSON.stringify(JSON.parse(stdout))).toContain('caf\u202e');
  });

  it('has none where the process itself prints', async () => {
    const { stderr } = await runProcess(['runs', '--limit', odd], { cwd });
    expect(stderr).toMatch(/\\u001b\[31mred/);
    expect(stderr).toMatch(clean);
  });

  it('has none in lines of progress, and each is one line', () => {
    const printed: string[] = [];
    const io = { stdout: { write: (text: string) => printed.push(text) }, isTty: false, env: {} };
    const progress = createProgress(io, false);
    progress.begin(`begin ${odd}`);
    progress.note(`note\n✓ health  pass ${odd}`);
    progress.end('bad', odd);
    expect(printed.join('')).toMatch(clean);
    expect(printed.join('').split('\n')).toHaveLength(4);
  });

  it('has none in the story, whose own emphasis is left', async () => {
    const stream = Object.assign(new PassThrough(), {
      isTTY: true,
      getColorDepth: () => 8,
      hasColors: () => true,
    });
    const voice = new Voice(stream);
    voice.say(odd);
    voice.chapter(odd);
    voice.quote(odd);
    voice.notice(odd);
    const text = String(stream.end().read());
    expect(text).toContain('\u001b[1m\\u001b[31mred');
    expect(text).toContain('\u001b[36m→\u001b[39m \\u001b[31mred');
    expect(stripVTControlCharacters(text)).toMatch(clean);
  });
});
