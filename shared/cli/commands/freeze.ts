import type { Command } from 'commander';
import type { CliIo } from '../cli-io.ts';
import { type ControlOptions, turnOn } from '../controls/change-control.ts';
import { controlCommand } from '../controls/control-command.ts';
import { findFreeze } from '../controls/find-freeze.ts';

/**
 * `deploy-loop freeze SERVICE`: stops the guard's writes for one service; with `--all`, all writes, manual ones
 * included.
 */
export function freezeCommand(io: CliIo): Command {
  return controlCommand('freeze', 'stop the guard from writing traffic')
    .argument('[service]', 'the service, by name in the config')
    .option('--all', 'the kill switch: stop all traffic writes of all services, manual ones included')
    .action((name: string | undefined, _options, command: Command) => {
      const options = command.optsWithGlobals<ControlOptions & { readonly all?: true }>();
      return turnOn((store) => findFreeze(name, options.all === true, store), options, io);
    });
}
