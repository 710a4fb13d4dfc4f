import { exec } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Writable } from 'node:stream';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { playStory } from '../../infra/local/story/play-story.ts';
import { configText } from './config-text.ts';

/** What the story prints, with the pauses of a test. */
async function told(
  functions: boolean,
): Promise<{ readonly code: number; readonly text: string; readonly next: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'deploy-loop-story-'));
  let text = '';
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  try {
    const file = join(folder, 'deploy-loop.yaml');
    const health = { interval: '100ms', successes: 3 };
    const watch = { for: '500ms', minimum: '500ms', interval: '100ms' };
    const pages = ['home', 'checkout', 'account'];
    const checks = pages.map((name) => ({ name, path: '/wait/5', query: { page: name } }));
    const suites = [{ name: 'shop', kind: 'http', priority: 'P1', checks }];
    const rollback = { cooldown: '0s' };
    await writeFile(file, configText({ health, watch, suites, rollback, tests: { workers: 2 } }));
    const config = relative(process.cwd(), file);
    const output = { stdout, stderr: stdout, caller: process.cwd() };
    const code = await playStory({ profile: 'fast', functions, folder, config, ...output });
    return { code, text, next: await pasted(text) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What the last line prints, pasted into a shell in the folder where the story was called. @throws {Error} it fails */
async function pasted(story: string): Promise<string> {
  const command = story.trimEnd().split('\n').at(-1) ?? '';
  const { stdout } = await promisify(exec)(command, { cwd: process.cwd() });
  return stdout;
}

describe('npm start', () => {
  it.each([
    ['by the command line', false],
    ['through the functions', true],
  ])(
    'tells of a bad deploy that is rolled back, of its fix, and of one that only its checks find out, %s',
    async (_how, functions) => {
      const { code, text, next } = await told(functions);
      expect(text).toMatch(/^restored {2}\d\.\d s after the message arrived, read back from Cloud Run$/m);
      expect(text).toMatch(/^users {5}got \d+ errors in \d\.\d s; good answers: \d+ by v1$/m);
      expect(text).toMatch(
        /^traffic {3}was {2}LATEST 100 %, which is web-00002-\w+\n +is {3}web-00001-\w+ 100 %, pinned$/m,
      );
      expect(text).toMatch(/^good {6}\d\.\d s after the message arrived: watched and recorded as good$/m);
      expect(text).toMatch(/^users {5}got no errors; good answers: \d+ by v1, then \d+ by v3$/m);
      expect(text).toMatch(
        /^traffic {3}was {2}web-00001-\w+ 100 %, pinned\n +is {3}LATEST 100 %, which is web-00003-\w+$/m,
      );
      expect(text).toMatch(
        /^traffic {3}was {2}LATEST 100 %, which is web-00004-\w+\n +is {3}web-00003-\w+ 100 %, pinned$/m,
      );
      expect(text).not.toMatch(/NaN|undefined|internal error|^undo|gcloud run/m);
      expect(text).toMatch(
        /^In short\n(web-0000\d-\w+ {2}\S.*\n){4}\nNext: .+\n {2}npm run -s deploy-loop -- .+\n$/m,
      );
      expect(text.match(/^→ .+$/gm)).toHaveLength(functions ? 6 : 7);
      if (!functions)
        expect(text).toMatch(
          /^#1 closed {2}Deploy failed: web: .*\n#2 open {4}Deploy failed: web: .*\n→ .*issue-1\.html .*issue-2\.html$/m,
        );
      expect(next).toMatch(/\S/);
      expect(next).not.toContain('gcloud');
      expect(code).toBe(0);
    },
  );
});
