import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runChild } from './run-child.ts';

const needed = 'pytest-xdist (Debian: python3-pytest-xdist; pip: pytest-xdist)';

/** A Python that has pytest-xdist, or what is missing. */
export async function findXdist(): Promise<{ readonly python: string } | { readonly missing: string }> {
  for (const python of ['python3', '/usr/bin/python3']) {
    const found = await runChild(python, ['-c', 'import xdist, pytest'], { cwd: '.' }).then(
      () => true,
      () => false,
    );
    if (found) return { python };
  }
  return { missing: needed };
}

/** The sleeping tests for pytest, one parameter each, sent by xdist to processes that are free. */
export class XdistSuite {
  readonly #folder: string;
  readonly #python: string;
  readonly #workers: number;

  private constructor(folder: string, python: string, workers: number) {
    this.#folder = folder;
    this.#python = python;
    this.#workers = workers;
  }

  static async create(
    parent: string,
    python: string,
    sleeps: ReadonlyMap<string, number>,
    workers: number,
  ): Promise<XdistSuite> {
    const folder = join(parent, 'pytest');
    await mkdir(folder);
    await writeFile(join(folder, 'pytest.ini'), '[pytest]\n');
    await writeFile(join(folder, 'test_sleeping.py'), testText(sleeps));
    return new XdistSuite(folder, python, workers);
  }

  async run(spans: string): Promise<void> {
    const args = ['-m', 'pytest', '-q', '-n', String(this.#workers), '-p', 'no:cacheprovider'];
    await runChild(this.#python, args, {
      cwd: this.#folder,
      env: { SPANS: spans, PYTHONDONTWRITEBYTECODE: '1' },
    });
  }
}

function testText(sleeps: ReadonlyMap<string, number>): string {
  return `import os, time, pytest

@pytest.mark.parametrize("name, ms", ${JSON.stringify([...sleeps])})
def test_sleeping(name, ms):
    started = time.time()
    time.sleep(ms / 1000)
    with open(os.path.join(os.environ["SPANS"], name), "w") as file:
        file.write(f"{round(started * 1000)} {round(time.time() * 1000)}")
`;
}
