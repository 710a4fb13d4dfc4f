import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededRandom } from '../../../infra/local/seeded-random.ts';

/** How long each test sleeps, in ms, by name in the order in which runners list them; the same each time. */
export function someSleeps(count: number): ReadonlyMap<string, number> {
  const random = new SeededRandom(11);
  const gaussian = () =>
    Math.sqrt(-2 * Math.log(1 - random.fraction())) * Math.cos(2 * Math.PI * random.fraction());
  return new Map(
    Array.from({ length: count }, (_, n) => [
      `t${String(n).padStart(3, '0')}`,
      Math.round(Math.min(1_500, Math.max(20, 120 * Math.exp(gaussian())))),
    ]),
  );
}

/** What one run took, in ms. */
export interface Spans {
  /** From the start of the first process to the end of the last. */
  readonly wholeMs: number;
  /** From the first test's start to the last one's end: what a runner needs between tests is in it, its start is not. */
  readonly testsMs: number;
}

/** A folder in which each test leaves a file with the moments of its start and its end, by the clock of the machine. */
export class SpanFolder implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<SpanFolder> {
    return new SpanFolder(await mkdtemp(join(tmpdir(), 'deploy-loop-spans-')));
  }

  /** Measures one run. @throws {Error} a test did not run */
  async measure(sleeps: ReadonlyMap<string, number>, run: (folder: string) => Promise<void>): Promise<Spans> {
    const folder = await mkdtemp(join(this.path, 'run-'));
    const startedMs = performance.now();
    await run(folder);
    const wholeMs = performance.now() - startedMs;
    const files = await readdir(folder);
    if (files.length !== sleeps.size) throw new Error(`${files.length} of ${sleeps.size} tests ran`);
    const spans = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
    const moments = spans.map((text) => text.split(' ').map(Number));
    return {
      wholeMs,
      testsMs:
        Math.max(...moments.map(([, end = 0]) => end)) - Math.min(...moments.map(([start = 0]) => start)),
    };
  }

  async write(file: string, text: string): Promise<string> {
    await writeFile(join(this.path, file), text);
    return join(this.path, file);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true });
  }
}
