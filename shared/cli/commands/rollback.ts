import type { Command } from 'commander';
import { RevisionNameSchema } from '../../contracts/id-schemas.ts';
import type { CliIo } from '../cli-io.ts';
import { parseOption } from '../options/parse-option.ts';
import { changeTraffic } from '../traffic/change-traffic.ts';
import { type ManualOptions, manualCommand } from '../traffic/manual-command.ts';

/** `deploy-loop rollback SERVICE`: moves all traffic to an older good revision, until the next good deploy. */
export function rollbackCommand(io: CliIo): Command {
  return manualCommand(
    'rollback',
    'move all traffic back to the last verified-good revision before the serving one',
  )
    .option('--to <revision>', 'the revision to roll back to', parseOption(RevisionNameSchema))
    .action((service: string, _options, command: Command) =>
      changeTraffic('rollback', service, command.optsWithGlobals<ManualOptions>(), io),
    );
}
