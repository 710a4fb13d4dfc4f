import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** One run of some tests. */
export interface JestRequest {
  readonly tests: readonly string[];
  /** Empty: all tests of the files. */
  readonly testName: string;
  readonly cacheDirectory: string;
}

export interface JestReply {
  readonly passed: number;
  readonly failed: number;
  /** Test files that did not load. */
  readonly unloaded: number;
  readonly output: string;
}

/** After so many runs a new process takes over: jest keeps something of each. */
const maxRuns = 30;

/** Runs tests in a copy of the tree in a process that is kept, since jest's own start takes longer than most tests. */
export class JestProcess implements Disposable {
  readonly #root: string;
  #child: ChildProcess | undefined;
  #runs = 0;

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * The counts of one run, `timeout` if it did not end in time, or what the process said as it died.
   * A mutated line may loop for ever, and then only a signal gets through.
   */
  async run(tests: readonly string[], testName: string, limitMs: number): Promise<JestReply | 'timeout'> {
    const child = this.#start();
    const request: JestRequest = { tests, testName, cacheDirectory: join(this.#root, '.jest-cache') };
    let isOver = false;
    const timer = setTimeout(() => {
      isOver = this.#end();
    }, limitMs);
    const ended = new AbortController();
    try {
      const died = once(child, 'exit', { signal: ended.signal }).then(() => undefined);
      const replied = once(child, 'message', { signal: ended.signal }).then(([reply]) => reply as JestReply);
      child.send(request);
      const reply = await Promise.race([replied, died]);
      if (reply) return reply;
      this.#child = undefined;
      return isOver
        ? 'timeout'
        : { passed: 0, failed: 0, unloaded: 1, output: `jest ended: ${await this.#said}` };
    } finally {
      clearTimeout(timer);
      ended.abort();
    }
  }

  #said: Promise<string> = Promise.resolve('');

  #start(): ChildProcess {
    if (this.#child && this.#runs++ < maxRuns) return this.#child;
    this.#end();
    const child = fork(join(import.meta.dirname, 'jest-child.ts'), {
      cwd: this.#root,
      execArgv: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#said = child.stderr ? text(child.stderr) : Promise.resolve('');
    this.#child = child;
    this.#runs = 1;
    return child;
  }

  #end(): boolean {
    const child = this.#child;
    this.#child = undefined;
    return child?.kill('SIGKILL') ?? false;
  }

  [Symbol.dispose](): void {
    this.#end();
  }
}
