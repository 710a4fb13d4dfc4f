import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { type CliIo, visibleSink } from './cli-io.ts';
import { commandLoaders } from './command-loaders.ts';
import { type ExitCode, exitCodes } from './exit/exit-codes.ts';
import { explainExit } from './exit/explain-exit.ts';
import { JsonOutput } from './exit/json-output.ts';
import { describeUsage } from './options/describe-usage.ts';
import { packageFolder } from './package-folder.ts';

const examples = `
Examples:
  $ deploy-loop validate deploy-loop.yaml
  $ deploy-loop guard --project acme-staging --region us-central1 --service web
  $ deploy-loop guard --message build.json --config deploy-loop.yaml
  $ deploy-loop apply deploy-loop.yaml --firestore acme-staging
  $ deploy-loop runs --firestore acme-staging --verdict fail
  $ deploy-loop rollback web --dry-run --firestore acme-staging
  $ deploy-loop freeze --all --why 'incident 42' --firestore acme-staging

Exit codes: 0 pass or done, 1 fail or refused, 2 bad input, 3 inconclusive, superseded or stopped at --timeout,
130 and 143 stopped by Ctrl-C and SIGTERM: what was done, and how to go on or undo it, is printed.`;

/**
 * Runs one command line to its end. Never throws.
 *
 * @param args without the names of node and the script
 */
export async function runCli(args: readonly string[], given: CliIo): Promise<ExitCode> {
  const io = { ...given, stdout: visibleSink(given.stdout), stderr: visibleSink(given.stderr) };
  let program: Command | undefined;
  const output = new JsonOutput(io, () =>
    program ? program.opts<{ json?: true }>().json === true : args.includes('--json'),
  );
  try {
    program = await makeProgram(args, output.io);
    await program.parseAsync(args, { from: 'user' });
    output.end({ code: exitCodes.pass });
    return exitCodes.pass;
  } catch (error) {
    const { text, ...exit } = explainExit(error);
    if (text !== '') io.stderr.write(text);
    output.end(exit);
    return exit.code;
  }
}

/** The commands that a command line needs, not run yet. @param args without the names of node and the script */
export async function makeProgram(args: readonly string[], io: CliIo): Promise<Command> {
  const program = new Command('deploy-loop')
    .description('validate Cloud Run deploys and roll bad ones back to the last verified-good revision')
    .version(readVersion())
    .option('--json', 'print the result as one line of JSON')
    .configureHelp({ commandUsage: describeUsage, showGlobalOptions: true })
    .addHelpText('after', examples)
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    })
    .exitOverride();
  for (const load of neededLoaders(args)) {
    const makeCommand = await load();
    program.addCommand(makeCommand(io).copyInheritedSettings(program));
  }
  return program;
}

/** The named command; all commands if none is named, for the help text and for suggestions. */
function neededLoaders(args: readonly string[]) {
  const named = args.map((arg) => commandLoaders.get(arg)).find((load) => load !== undefined);
  return named ? [named] : [...commandLoaders.values()];
}

const PackageSchema = z.object({ version: z.string() });

function readVersion(): string {
  return PackageSchema.parse(JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8'))).version;
}
