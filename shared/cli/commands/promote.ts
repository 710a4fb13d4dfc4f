import type { Command } from 'commander';
import { RevisionNameSchema } from '../../contracts/id-schemas.ts';
import type { CliIo } from '../cli-io.ts';
import { parseOption } from '../options/parse-option.ts';
import { changeTraffic } from '../traffic/change-traffic.ts';
import { type ManualOptions, manualCommand } from '../traffic/manual-command.ts';

/** `deploy-loop promote SERVICE`: a newer revision gets the traffic. */
export function promoteCommand(io: CliIo): Command {
  return manualCommand('promote', 'send traffic to a newer revision')
    .option(
      '--revision <name>',
      'the revision (default: the newest ready one after the serving one)',
      parseOption(RevisionNameSchema),
    )
    .action((service: string, _options, command: Command) =>
      changeTraffic('promote', service, command.optsWithGlobals<ManualOptions>(), io),
    );
}
