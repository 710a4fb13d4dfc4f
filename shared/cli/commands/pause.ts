import type { Command } from 'commander';
import { type ControlOptions, turnOn } from '../change-control.ts';
import type { CliIo } from '../cli-io.ts';
import { controlCommand } from '../control-command.ts';
import { findPause } from '../find-pause.ts';

/** `deploy-loop pause SERVICE`: no revision gains traffic automatically. */
export function pauseCommand(io: CliIo): Command {
  return controlCommand('pause', 'stop revisions from gaining traffic; failing ones are still rolled back')
    .argument('<service>', 'the service, by name in the config')
    .action((name: string, _options, command: Command) =>
      turnOn((store) => findPause(name, store), command.optsWithGlobals<ControlOptions>(), io),
    );
}
