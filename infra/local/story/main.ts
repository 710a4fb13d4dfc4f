import { Command, CommanderError } from 'commander';
import { packageFolder } from '../../../shared/cli/package-folder.ts';
import { startFolder } from '../../../shared/cli/start-folder.ts';
import { oneLine } from '../../../shared/domain/render/one-line.ts';
import { describeFailure } from './describe-failure.ts';
import { playStory } from './play-story.ts';

const story = new Command('npm start --')
  .description(
    'show on a local Cloud Run how bad deploys are found and rolled back; no account, about a minute',
  )
  .option('--realistic', "with the delays of Google's Cloud Run, which take some minutes")
  .option('--functions', 'through Pub/Sub and the functions, as it is deployed, instead of the command line')
  .configureOutput({ writeErr: (text) => process.stderr.write(`${oneLine(text)}\n`) })
  .exitOverride();

/** As of a process that the signal ended. */
const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    process.exitCode = exitCodes[signal];
    stopped.abort();
  });
// Nobody reads on: `npm start | head`.
process.stdout.on('error', () => stopped.abort());

try {
  const { realistic, functions } = story.parse().opts<{ realistic?: true; functions?: true }>();
  const code = await playStory({
    profile: realistic ? 'realistic' : 'demo',
    functions: functions === true,
    stdout: process.stdout,
    stderr: process.stderr,
    caller: startFolder({
      env: process.env,
      cwd: process.cwd(),
      packageFolder: packageFolder(),
      script: 'start',
    }),
    signal: stopped.signal,
  });
  process.exitCode = code;
} catch (error) {
  if (stopped.signal.aborted) process.stdout.write('\nStopped. Everything that was started has ended.\n');
  else if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    process.stderr.write(`npm start: ${describeFailure(error)}\n`);
    process.exitCode = 1;
  }
}
// A command that was interrupted may still wait for a cloud that is gone.
if (stopped.signal.aborted) process.exit();
