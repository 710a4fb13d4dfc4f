import type { Command } from 'commander';
import type { CliIo } from './cli-io.ts';

export type CommandMaker = (io: CliIo) => Command;

/**
 * Every command by its name, in the order of the help; a new one gets a file in `commands/` and a line here.
 * Each is imported only when it is called, or for the help: Google's clients take a second to load.
 */
export const commandLoaders: ReadonlyMap<string, () => Promise<CommandMaker>> = new Map([
  ['validate', async () => (await import('./commands/validate.ts')).validateCommand],
]);
