import type { Command } from 'commander';
import type { CliIo } from './cli-io.ts';

export type CommandMaker = (io: CliIo) => Command;

/**
 * Every command by its name, in the order of the help; a new one gets a file in `commands/` and a line here.
 * Each is imported only when it is called, or for the help: Google's clients take a second to load.
 */
export const commandLoaders: ReadonlyMap<string, () => Promise<CommandMaker>> = new Map([
  ['guard', async () => (await import('./commands/guard.ts')).guardCommand],
  ['validate', async () => (await import('./commands/validate.ts')).validateCommand],
  ['apply', async () => (await import('./commands/apply.ts')).applyCommand],
  ['runs', async () => (await import('./commands/runs.ts')).runsCommand],
  ['show', async () => (await import('./commands/show.ts')).showCommand],
  ['services', async () => (await import('./commands/services.ts')).servicesCommand],
  ['unfreeze', async () => (await import('./commands/unfreeze.ts')).unfreezeCommand],
]);
