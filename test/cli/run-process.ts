import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../shared/cli/main.ts', import.meta.url));

export interface ProcessResult {
  /** Null: it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command line that runs in a process of its own. */
export interface RunningProcess {
  kill(signal: NodeJS.Signals): void;
  readonly result: Promise<ProcessResult>;
}

interface Place {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

export function startProcess(args: readonly string[], { cwd, env = {} }: Place): RunningProcess {
  const child = spawn(process.execPath, [main, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.on('error', reject).on('close', resolve);
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  return {
    kill: (signal) => child.kill(signal),
    result: promise.then((code) => ({ code, ...output })),
  };
}

/** Runs one command line in a process of its own, to its end. */
export function runProcess(args: readonly string[], place: Place): Promise<ProcessResult> {
  return startProcess(args, place).result;
}
