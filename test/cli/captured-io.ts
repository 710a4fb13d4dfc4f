import type { CliIo } from '../../shared/cli/cli-io.ts';
import type { ExitCode } from '../../shared/cli/exit/exit-codes.ts';
import { runCli } from '../../shared/cli/run-cli.ts';

export interface Captured {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in this process, without a terminal and with an empty environment. */
export async function captureCli(args: readonly string[], io: Partial<CliIo> = {}): Promise<Captured> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCli(args, {
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
    env: {},
    cwd: '/',
    isTty: false,
    now: () => new Date(),
    ...io,
  });
  return { code, stdout: out.join(''), stderr: err.join('') };
}
