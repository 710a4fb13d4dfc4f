import { Command, Option } from 'commander';
import type { RevisionName } from '../../domain/ids.ts';
import { type AuditOptions, asOption, dryRunOption, whyOption } from '../options/audit-options.ts';
import { firestoreOption, recordsOption, type StoreOptions } from '../options/store-options.ts';

export interface ManualOptions extends StoreOptions, AuditOptions {
  readonly to?: RevisionName;
  readonly revision?: RevisionName;
  readonly force?: true;
  readonly json?: true;
}

/** The options of every manual traffic change. */
export function manualCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument('<service>', 'the service, by name in the config')
    .addOption(whyOption)
    .addOption(asOption)
    .addOption(new Option('--force', 'skip the verification requirement'))
    .addOption(dryRunOption)
    .addOption(firestoreOption)
    .addOption(recordsOption);
}
