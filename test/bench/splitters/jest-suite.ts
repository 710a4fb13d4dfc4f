import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChild } from './run-child.ts';
import type { Split } from './splits.ts';

const jest = fileURLToPath(new URL('../../../node_modules/jest/bin/jest.js', import.meta.url));
const config = { transform: {}, testEnvironment: 'node', testMatch: ['**/*.spec.cjs'] };

/** The sleeping tests for Jest, each in a file of its own: `--shard` splits files. */
export class JestSuite {
  readonly #folder: string;
  readonly #workers: number;

  private constructor(folder: string, workers: number) {
    this.#folder = folder;
    this.#workers = workers;
  }

  static async create(
    parent: string,
    sleeps: ReadonlyMap<string, number>,
    workers: number,
  ): Promise<JestSuite> {
    const folder = join(parent, 'jest');
    await mkdir(folder);
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'sleeping', jest: config }));
    for (const [name, ms] of sleeps) await writeFile(join(folder, `${name}.spec.cjs`), testText(name, ms));
    return new JestSuite(folder, workers);
  }

  /** What each shard of `--shard` has. */
  async split(): Promise<Split> {
    const listed = await Promise.all(this.#shards().map((shard) => this.#run([shard, '--listTests'])));
    return listed.map((text) =>
      text
        .split('\n')
        .filter(Boolean)
        .map((file) => basename(file, '.spec.cjs')),
    );
  }

  /** One Jest per shard, each test after the other in it. */
  async run(spans: string): Promise<void> {
    await Promise.all(
      this.#shards().map((shard) => this.#run([shard, '--runInBand', '--silent'], { SPANS: spans })),
    );
  }

  #shards(): readonly string[] {
    return Array.from({ length: this.#workers }, (_, n) => `--shard=${n + 1}/${this.#workers}`);
  }

  #run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
    return runChild(process.execPath, [jest, ...args], { cwd: this.#folder, env });
  }
}

function testText(name: string, ms: number): string {
  return `test('${name}', async () => {
  const startedMs = Date.now();
  await new Promise((resolve) => setTimeout(resolve, ${ms}));
  require('node:fs').writeFileSync(\`\${process.env.SPANS}/${name}\`, \`\${startedMs} \${Date.now()}\`);
});
`;
}
