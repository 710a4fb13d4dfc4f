import type { Command } from 'commander';
import { RevisionNameSchema } from '../../contracts/id-schemas.ts';
import type { CliIo } from '../cli-io.ts';
import { parseOption } from '../options/parse-option.ts';
import { changeTraffic } from '../traffic/change-traffic.ts';
import { type ManualOptions, manualCommand } from '../traffic/manual-command.ts';

/** `deploy-loop pin SERVICE`: all traffic stays on one revision until a person unpins it. */
export function pinCommand(io: CliIo): Command {
  return manualCommand('pin', 'pin all traffic to one revision, whatever is deployed')
    .option(
      '--to <revision>',
      'the revision (default: the one with the most traffic)',
      parseOption(RevisionNameSchema),
    )
    .action((service: string, _options, command: Command) =>
      changeTraffic('pin', service, command.optsWithGlobals<ManualOptions>(), io),
    );
}
