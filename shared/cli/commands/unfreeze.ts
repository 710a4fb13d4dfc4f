import type { Command } from 'commander';
import type { CliIo } from '../cli-io.ts';
import { type ControlOptions, turnOff } from '../controls/change-control.ts';
import { liftCommand } from '../controls/control-command.ts';
import { findFreeze } from '../controls/find-freeze.ts';

/** `deploy-loop unfreeze SERVICE`: allows the guard's writes again; with `--all`, turns the kill switch off. */
export function unfreezeCommand(io: CliIo): Command {
  return liftCommand('unfreeze', 'end a freeze: the guard may write traffic again')
    .argument('[service]', 'the service, by name in the config')
    .option('--all', 'turn the kill switch off; freezes of single services stay')
    .action((name: string | undefined, _options, command: Command) => {
      const options = command.optsWithGlobals<ControlOptions & { readonly all?: true }>();
      return turnOff((store) => findFreeze(name, options.all === true, store), options, io);
    });
}
