import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runProcess } from '../cli/run-process.ts';

/** A report in three parts: what comes first, one of many cases, what comes last. */
export interface ReportText {
  readonly file: string;
  readonly head: string;
  readonly oneCase: (i: number) => string;
  readonly tail: string;
}

export interface ResultsMeasure {
  readonly peakMiB: number;
  readonly ms: number;
}

const block = 1_000;

/** Has `deploy-loop results` read a report of some size, as a process of its own. @throws {Error} it found a fault */
export async function measureResults(report: ReportText, bytes: number): Promise<ResultsMeasure> {
  const cwd = await mkdtemp(join(tmpdir(), 'deploy-loop-results-'));
  try {
    await writeReport(join(cwd, report.file), report, bytes);
    const preload = join(cwd, 'tell-memory.mjs');
    // In KiB; the process tells it itself, since its parent cannot ask.
    await writeFile(preload, `process.on('exit', () => console.error(process.resourceUsage().maxRSS));`);
    const env = { NODE_OPTIONS: `--import=${pathToFileURL(preload).href}` };
    const startedMs = performance.now();
    const { code, stderr } = await runProcess(['results', report.file, '--json'], { cwd, env });
    const ms = performance.now() - startedMs;
    if (code !== 0) throw new Error(`results ended with ${code}: ${stderr}`);
    return { peakMiB: Number(stderr) / 1024, ms };
  } finally {
    await rm(cwd, { recursive: true });
  }
}

async function writeReport(path: string, { head, oneCase, tail }: ReportText, bytes: number): Promise<void> {
  const file = createWriteStream(path);
  file.write(head);
  for (let i = 0, written = 0; written < bytes; i += block) {
    const text = Array.from({ length: block }, (_, n) => oneCase(i + n)).join('');
    written += text.length;
    if (!file.write(text)) await once(file, 'drain');
  }
  file.end(tail);
  await once(file, 'finish');
}
