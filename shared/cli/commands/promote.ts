import type { Command } from 'commander';
import { RevisionNameSchema } from '../../contracts/id-schemas.ts';
import type { CliIo } from '../cli-io.ts';
import { parseOption } from '../options/parse-option.ts';
import { changeTraffic } from '../traffic/change-traffic.ts';
import { type ManualOptions, manualCommand } from '../traffic/manual-command.ts';

/** `deploy-loop promote SERVICE`: a newer revision gets the traffic. */
export function promoteCommand(io: CliIo): Command {
  return manualCommand('promote', 'give a revision its traffic')
    .option(
      '--revision <name>',
      'the revision (default: the newest ready one after the one that serves)',
      parseOption(RevisionNameSchema),
    )
    .action((service: string, _options, command: Command) =>
      changeTraffic('promote', service, command.optsWithGlobals<ManualOptions>(), io),
    );
}
