import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runProcess } from './run-process.ts';

const mebi = 1024 * 1024;
const reportBytes = 100_000_000;
const maxResidentBytes = 150 * mebi;

/**
 * Has a process tell the most memory that it had, in KiB; its parent cannot ask. Linux counts in `maxRSS` what its parent
 * had when it was made, and in VmHWM its own.
 */
const reportMemory = `import { existsSync, readFileSync } from 'node:fs';
const ofLinux = () => /VmHWM:\\s+(\\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1];
process.on('exit', () => {
  console.error(existsSync('/proc/self/status') ? ofLinux() : process.resourceUsage().maxRSS);
});
`;

let cwd = '';
let preload = '';
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'deploy-loop-memory-'));
  preload = join(cwd, 'tell-memory.mjs');
  await writeFile(preload, reportMemory);
});
afterAll(() => rm(cwd, { recursive: true }));

const line = 'The quick brown fox jumps over the lazy dog, and says so.\n';
const small = (i: number) => `<testcase classname="shop.Cart${i % 50}" name="adds item ${i}" time="0.01"/>\n`;
const inOneCase = (open: string, close: string) =>
  [`<testsuite><testcase name="a">${open}`, () => line, `${close}</testcase></testsuite>`] as const;

describe('deploy-loop results, given 100 MB', () => {
  test.each<[string, readonly [string, (i: number) => string, string], number]>([
    ['of output', inOneCase('<system-out>', '</system-out>'), 0],
    ['of CDATA', inOneCase('<system-out><![CDATA[', ']]></system-out>'), 0],
    ['in a failure', inOneCase('<failure>', '</failure>'), 1],
    ['in an attribute', inOneCase('<failure message="', '"/>'), 1],
    ['in a comment', inOneCase('<!--', '-->'), 0],
    ['of small cases', ['<testsuite>\n', small, '</testsuite>'], 0],
  ])('%s, takes at most 150 MiB of memory', async (_what, [head, piece, tail], expected) => {
    await writeReport(head, piece, tail);
    const env = { NODE_OPTIONS: `--import=${pathToFileURL(preload).href}` };
    const { code, stdout, stderr } = await runProcess(['results', 'big.xml', '--json'], { cwd, env });
    expect(code).toBe(expected);
    expect(JSON.parse(stdout)).toMatchObject({ files: [{ problems: [] }] });
    const maxResidentKibi = Number(stderr);
    expect(maxResidentKibi).toBeGreaterThan(0);
    expect(maxResidentKibi * 1024).toBeLessThanOrEqual(maxResidentBytes);
  });
});

async function writeReport(head: string, piece: (i: number) => string, tail: string): Promise<void> {
  const file = createWriteStream(join(cwd, 'big.xml'));
  file.write(head);
  let written = 0;
  for (let i = 0; written < reportBytes; ) {
    const block = Array.from({ length: 1000 }, () => piece(i++)).join('');
    written += block.length;
    if (!file.write(block)) await once(file, 'drain');
  }
  file.end(tail);
  await once(file, 'finish');
}
