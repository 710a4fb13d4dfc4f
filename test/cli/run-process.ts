import { spawn } from 'node:child_process';
import { once } from 'node:events';
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
  readonly result: Promise<ProcessResult>;
  /** Resolves when its standard output matches. @throws {Error} it ended before, with what it printed */
  printed(pattern: RegExp): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

interface Place {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

export function startProcess(args: readonly string[], { cwd, env = {} }: Place): RunningProcess {
  const child = spawn(process.execPath, [main, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = Promise.withResolvers<number | null>();
  child.on('error', closed.reject).on('close', closed.resolve);
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const result = closed.promise.then((code) => ({ code, ...output }));
  result.catch(() => {});
  return {
    result,
    async printed(pattern) {
      while (!pattern.test(output.stdout)) {
        const more = once(child.stdout, 'data').then(() => false);
        if (await Promise.race([more, result.then(() => true)])) break;
      }
      if (!pattern.test(output.stdout)) throw new Error(`${pattern}: ${output.stdout}${output.stderr}`);
    },
    kill: (signal) => void child.kill(signal),
  };
}

/** Runs one command line in a process of its own, to its end. */
export function runProcess(args: readonly string[], place: Place): Promise<ProcessResult> {
  return startProcess(args, place).result;
}
