import { Command } from 'commander';
import { asOption, dryRunOption, whyOption } from '../options/audit-options.ts';
import { firestoreOption, recordsOption } from '../options/store-options.ts';

/** A command that turns a control on, with the options of all such commands. */
export function controlCommand(name: string, description: string): Command {
  return liftCommand(name, description).addOption(whyOption);
}

/** A command that lifts a control, with the options of all such commands. */
export function liftCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .addOption(asOption)
    .addOption(dryRunOption)
    .addOption(firestoreOption)
    .addOption(recordsOption);
}
