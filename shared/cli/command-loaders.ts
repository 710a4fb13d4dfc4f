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
  ['results', async () => (await import('./commands/results.ts')).resultsCommand],
  ['plan', async () => (await import('./commands/plan.ts')).planCommand],
  ['import-index', async () => (await import('./commands/import-index.ts')).importIndexCommand],
  ['apply', async () => (await import('./commands/apply.ts')).applyCommand],
  ['runs', async () => (await import('./commands/runs.ts')).runsCommand],
  ['show', async () => (await import('./commands/show.ts')).showCommand],
  ['changes', async () => (await import('./commands/changes.ts')).changesCommand],
  ['audit', async () => (await import('./commands/audit.ts')).auditCommand],
  ['diagnose', async () => (await import('./commands/diagnose.ts')).diagnoseCommand],
  ['notices', async () => (await import('./commands/notices.ts')).noticesCommand],
  ['notify', async () => (await import('./commands/notify.ts')).notifyCommand],
  ['tests', async () => (await import('./commands/tests.ts')).testsCommand],
  ['services', async () => (await import('./commands/services.ts')).servicesCommand],
  ['rollback', async () => (await import('./commands/rollback.ts')).rollbackCommand],
  ['promote', async () => (await import('./commands/promote.ts')).promoteCommand],
  ['pin', async () => (await import('./commands/pin.ts')).pinCommand],
  ['unpin', async () => (await import('./commands/unpin.ts')).unpinCommand],
  ['rerun', async () => (await import('./commands/rerun.ts')).rerunCommand],
  ['abort', async () => (await import('./commands/abort.ts')).abortCommand],
  ['pause', async () => (await import('./commands/pause.ts')).pauseCommand],
  ['resume', async () => (await import('./commands/resume.ts')).resumeCommand],
  ['freeze', async () => (await import('./commands/freeze.ts')).freezeCommand],
  ['unfreeze', async () => (await import('./commands/unfreeze.ts')).unfreezeCommand],
]);
