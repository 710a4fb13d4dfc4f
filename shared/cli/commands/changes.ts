import { Command } from 'commander';
import { formatSplit, specSplit } from '../../domain/service-state.ts';
import { listTrafficChanges, type TrafficChangeReport } from '../../services/query-reports.ts';
import { formatTable } from '../../wording/format-table.ts';
import { noChanges } from '../../wording/nothing-yet.ts';
import type { CliIo } from '../cli-io.ts';
import { parseLimit } from '../options/parse-limit.ts';
import type { StoreOptions } from '../options/store-options.ts';
import { firestoreOption, recordsOption } from '../options/store-options.ts';
import { resolveService } from '../select/resolve-service.ts';
import { withStore } from '../with-store.ts';

interface ChangesOptions extends StoreOptions {
  readonly limit: number;
  readonly json?: true;
}

/** `deploy-loop changes SERVICE`: every requested traffic change with its author, reason and outcome. */
export function changesCommand(io: CliIo): Command {
  return new Command('changes')
    .description('list traffic changes of a service, newest first: who, why, before and after')
    .argument('<service>', 'the service, by name in the config')
    .option('--limit <n>', 'number of entries, 1 to 100', parseLimit, 20)
    .addOption(firestoreOption)
    .addOption(recordsOption)
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<ChangesOptions>();
      const changes = await withStore(options, io, async (store) => {
        const { serviceKey } = await resolveService(name, store);
        return listTrafficChanges(store, serviceKey, options.limit);
      });
      io.stdout.write(
        options.json
          ? `${JSON.stringify({ changes })}\n`
          : changes.length > 0
            ? describe(changes)
            : noChanges(name),
      );
    });
}

function describe(changes: readonly TrafficChangeReport[]): string {
  const rows = changes.map(({ at, actor, outcome, before, after, why }) => [
    at.toISOString(),
    actor,
    outcome,
    formatSplit(specSplit(before, undefined)),
    formatSplit(specSplit(after, undefined)),
    why,
  ]);
  return formatTable(['AT', 'WHO', 'OUTCOME', 'BEFORE', 'AFTER', 'WHY'], rows);
}
