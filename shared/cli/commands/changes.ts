import { Command } from 'commander';
import { decodeChangesCursor } from '../../contracts/api.ts';
import { formatSplit, specSplit } from '../../domain/service-state.ts';
import { changesDocument } from '../../output/service-output.ts';
import type { Store } from '../../ports/store.ts';
import { pageOfChanges } from '../../services/page-of-changes.ts';
import type { TrafficChangeReport } from '../../services/query-reports.ts';
import { formatTable } from '../../wording/format-table.ts';
import { noChanges, olderThan } from '../../wording/nothing-yet.ts';
import type { CliIo } from '../cli-io.ts';
import { BadInputError } from '../exit/bad-input-error.ts';
import { printDocument } from '../exit/print-document.ts';
import { parseLimit } from '../options/parse-limit.ts';
import type { StoreOptions } from '../options/store-options.ts';
import { firestoreOption, recordsOption } from '../options/store-options.ts';
import { type KnownService, resolveService } from '../select/resolve-service.ts';
import { withStore } from '../with-store.ts';

interface ChangesOptions extends StoreOptions {
  readonly limit: number;
  readonly cursor?: string;
  readonly json?: true;
}

/** `deploy-loop changes SERVICE`: every requested traffic change with its author, reason and outcome. */
export function changesCommand(io: CliIo): Command {
  return new Command('changes')
    .description('list traffic changes of a service, newest first: who, why, before and after')
    .argument('<service>', 'the service, by name in the config')
    .option('--limit <n>', 'number of entries, 1 to 100', parseLimit, 20)
    .option(
      '--cursor <cursor>',
      'the next page: the cursor that is printed below the page before (--json: nextCursor)',
    )
    .addOption(firestoreOption)
    .addOption(recordsOption)
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<ChangesOptions>();
      const { service, page } = await withStore(options, io, async (store) => {
        const found = await resolveService(name, store);
        return { service: found, page: await readPage(found, options, store) };
      });
      if (options.json) printDocument(changesDocument(service, page), io);
      else
        io.stdout.write(page.changes.length > 0 ? describe(page.changes) + olderThan(page) : noChanges(name));
    });
}

function readPage({ serviceKey }: KnownService, { cursor, limit }: ChangesOptions, store: Store) {
  const after = cursor === undefined ? undefined : decodeChangesCursor(cursor, serviceKey);
  if (cursor !== undefined && !after) throw new BadInputError('--cursor is not a cursor of this service');
  return pageOfChanges(serviceKey, limit, after, store);
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
