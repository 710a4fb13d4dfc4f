import { Command } from 'commander';
import { asOption, dryRunOption, whyOption } from '../options/audit-options.ts';
import { firestoreOption, recordsOption } from '../options/store-options.ts';

/** The options that every command has that turns a control on. */
export function controlCommand(name: string, description: string): Command {
  return liftCommand(name, description).addOption(whyOption);
}

/** The options that every command has that lifts one. */
export function liftCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .addOption(asOption)
    .addOption(dryRunOption)
    .addOption(firestoreOption)
    .addOption(recordsOption);
}
