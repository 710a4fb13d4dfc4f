import { Command } from 'commander';
import { appliedDocument } from '../../output/command-output.ts';
import { type AppliedService, applyConfig } from '../../services/apply-config.ts';
import { listServices, type RunReport, reportRun } from '../../services/query-reports.ts';
import { formatTable } from '../../wording/format-table.ts';
import type { CliIo } from '../cli-io.ts';
import { BadInputError } from '../exit/bad-input-error.ts';
import { CommandExit } from '../exit/command-exit.ts';
import { exitCodeOf } from '../exit/exit-code-of.ts';
import type { ExitCode } from '../exit/exit-codes.ts';
import { exitCodes } from '../exit/exit-codes.ts';
import { printDocument } from '../exit/print-document.ts';
import { readConfigTold } from '../input/read-config-file.ts';
import type { StoreOptions } from '../options/store-options.ts';
import { firestoreOption, recordsOption } from '../options/store-options.ts';
import { type TimeoutOption, timeoutOption } from '../options/timeout-option.ts';
import { withLoop } from '../with-loop.ts';

type ApplyOptions = StoreOptions & TimeoutOption & { readonly json?: true };

/** `deploy-loop apply FILE`: applies a config and validates the serving revisions, so that a rollback has a target. */
export function applyCommand(io: CliIo): Command {
  return new Command('apply')
    .description('apply a config and validate the serving revisions')
    .argument('<file>', 'the config file')
    .addOption(timeoutOption)
    .addOption(firestoreOption)
    .addOption(recordsOption)
    .action(async (file: string, _options, command: Command) =>
      apply(file, command.optsWithGlobals<ApplyOptions>(), io),
    );
}

async function apply(file: string, options: ApplyOptions, io: CliIo): Promise<void> {
  if (options.firestore === undefined && options.records === undefined) {
    throw new BadInputError('specify where to store the records: --firestore PROJECT or --records FILE');
  }
  const { config, digest } = await readConfigTold(file, io);
  const projects = new Set(config.services.map((service) => service.project));
  const [project] = projects.size === 1 ? projects : [];
  await withLoop(options, io, { project }, async ({ ports, finish, runIds }) => {
    const applied = await finish(() => applyConfig(config, digest, ports));
    const reports = await Promise.all(runIds().map((runId) => reportRun(ports.store, runId)));
    const good = new Map(
      (await listServices(ports.store)).map((service) => [service.name, service.lastGood[0]?.revision]),
    );
    const found = reports.filter((report) => report !== undefined);
    const code = exitCodeOfApply(applied, found);
    if (options.json) return printDocument(appliedDocument(digest, applied, good, found, code), io);
    io.stdout.write(describeApplied(applied, good));
    if (code !== exitCodes.pass) throw new CommandExit(code);
  });
}

/** The serving revision may have been judged in an earlier run; a service that does not exist is not a success. */
function exitCodeOfApply(applied: readonly AppliedService[], reports: readonly RunReport[]): ExitCode {
  if (applied.some((service) => !service.exists)) return exitCodes.inconclusive;
  return reports.length === 0 ? exitCodes.pass : exitCodeOf(reports);
}

function describeApplied(
  applied: readonly AppliedService[],
  good: ReadonlyMap<string, string | undefined>,
): string {
  const rows = applied.map(({ name, exists, serving }) => [
    name,
    serving ?? (exists ? 'nothing' : 'no such service in its project and region'),
    good.get(name) ?? 'none: no rollback target yet',
  ]);
  return `\n${formatTable(['SERVICE', 'SERVES', 'LAST GOOD'], rows)}`;
}
