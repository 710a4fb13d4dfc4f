import type { Command } from 'commander';
import type { CliIo } from '../cli-io.ts';
import { type ControlOptions, turnOff } from '../controls/change-control.ts';
import { liftCommand } from '../controls/control-command.ts';
import { findPause } from '../controls/find-pause.ts';

/** `deploy-loop resume SERVICE`: ends a pause. */
export function resumeCommand(io: CliIo): Command {
  return liftCommand('resume', 'end a pause: revisions may gain traffic again')
    .argument('<service>', 'the service, by name in the config')
    .action((name: string, _options, command: Command) =>
      turnOff((store) => findPause(name, store), command.optsWithGlobals<ControlOptions>(), io),
    );
}
