import type { Command } from 'commander';
import type { CliIo } from '../cli-io.ts';
import { type ControlOptions, turnOn } from '../controls/change-control.ts';
import { controlCommand } from '../controls/control-command.ts';
import { findPause } from '../controls/find-pause.ts';

/** `deploy-loop pause SERVICE`: no revision gains traffic automatically. */
export function pauseCommand(io: CliIo): Command {
  return controlCommand('pause', 'stop revisions from gaining traffic; failing ones are still rolled back')
    .argument('<service>', 'the service, by name in the config')
    .action((name: string, _options, command: Command) =>
      turnOn((store) => findPause(name, store), command.optsWithGlobals<ControlOptions>(), io),
    );
}
