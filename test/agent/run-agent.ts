import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable } from 'node:stream';
import { readAgent } from '../../shared/agent/read-agent.ts';
import { agentOverrides } from '../../shared/contracts/suites/agent-overrides.ts';
import { token } from './collector.ts';

/** Where a program is on this machine. */
export function which(program: string): string | undefined {
  const candidates = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, program));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** What the agent needs of any image, besides `sh` and one client. */
const base = [
  'sh',
  'sed',
  'wc',
  'sleep',
  'mkdir',
  'rm',
  'cp',
  'cat',
  'tail',
  'grep',
  'env',
  'seq',
  'head',
  'tr',
  'timeout',
];

/** A folder to put on PATH that holds these programs, and nothing else. */
export class Toolbox {
  readonly path = mkdtempSync(join(tmpdir(), 'agent-tools-'));

  /** @param programs by name, or by name and place */
  constructor(programs: readonly (string | readonly [string, string])[]) {
    for (const program of [...base, ...programs]) {
      const [name, place] = typeof program === 'string' ? [program, which(program)] : program;
      if (place !== undefined) symlinkSync(place, join(this.path, name));
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export interface AgentOptions {
  readonly url: string;
  /** Default: this machine's own. */
  readonly path?: string;
  readonly shell?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The agent, started as a job starts it, in an empty folder. */
export class RunningAgent {
  readonly folder = mkdtempSync(join(tmpdir(), 'agent-job-'));
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  #output = '';
  #errors = '';

  constructor({ url, path = process.env.PATH ?? '', shell = ['/bin/sh'], env = {} }: AgentOptions) {
    const overrides = agentOverrides({ agent: readAgent(), collectUrl: url, token });
    const [program = '', ...leading] = shell;
    this.#child = spawn(program, [...leading, ...overrides.args], {
      cwd: this.folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: path, TMPDIR: this.folder, DEPLOY_LOOP_RETRY_WAIT_S: '0', ...overrides.env, ...env },
    });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
  }

  get output(): string {
    return this.#output;
  }

  get errors(): string {
    return this.#errors;
  }

  /** Resolves as soon as its standard output holds the text. */
  async printed(text: string): Promise<void> {
    while (!this.#output.includes(text)) await this.#more(this.#child.stdout);
  }

  /** Resolves as soon as its standard error holds the text. */
  async complained(text: string): Promise<void> {
    while (!this.#errors.includes(text)) await this.#more(this.#child.stderr);
  }

  /** To the agent alone, as Cloud Run signals process 1. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves with its exit code when everything that it started has let go of its output. */
  async end(): Promise<number | null> {
    if (this.#child.exitCode === null || !this.#child.stdout.closed) await once(this.#child, 'close');
    return this.#child.exitCode;
  }

  async #more(stream: Readable): Promise<void> {
    if (stream.closed) throw new Error(`it has ended: ${this.#errors}`);
    await Promise.race([once(stream, 'data'), once(stream, 'close')]);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
