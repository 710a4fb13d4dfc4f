import { Command, Option } from 'commander';
import { decodeCursor } from '../../contracts/api.ts';
import { serviceKeyOf } from '../../domain/ids.ts';
import { type Verdict, verdicts } from '../../domain/verdict.ts';
import { runsDocument } from '../../output/run-output.ts';
import type { Store } from '../../ports/store.ts';
import { pageOfRuns } from '../../services/page-of-runs.ts';
import { listServices } from '../../services/query-reports.ts';
import { formatTable } from '../../wording/format-table.ts';
import { noRuns, noSuchRuns, olderThan } from '../../wording/nothing-yet.ts';
import type { CliIo } from '../cli-io.ts';
import { BadInputError, UnknownNameError } from '../exit/bad-input-error.ts';
import { printDocument } from '../exit/print-document.ts';
import { parseLimit } from '../options/parse-limit.ts';
import type { StoreOptions } from '../options/store-options.ts';
import { firestoreOption, recordsOption } from '../options/store-options.ts';
import { describeUnknown } from '../select/describe-unknown.ts';
import { withStore } from '../with-store.ts';

interface RunsOptions extends StoreOptions {
  readonly service?: string;
  readonly verdict?: Verdict;
  readonly limit: number;
  readonly cursor?: string;
  readonly json?: true;
}

/** `deploy-loop runs`: lists validation runs, newest first. */
export function runsCommand(io: CliIo): Command {
  return new Command('runs')
    .description('list validation runs, newest first')
    .option('--service <name>', 'only runs of this service')
    .addOption(new Option('--verdict <verdict>', 'only runs with this verdict').choices(verdicts))
    .option('--limit <n>', 'number of entries, 1 to 100', parseLimit, 20)
    .option(
      '--cursor <cursor>',
      'the next page: the cursor that is printed below the page before (--json: nextCursor)',
    )
    .addOption(firestoreOption)
    .addOption(recordsOption)
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<RunsOptions>();
      await withStore(options, io, (store) => printRuns(store, options, io));
    });
}

async function printRuns(store: Store, options: RunsOptions, io: CliIo): Promise<void> {
  const serviceKey = options.service === undefined ? undefined : await keyOf(options.service, store);
  const { cursor } = options;
  const after = cursor === undefined ? undefined : decodeCursor(cursor, options);
  if (cursor !== undefined && !after) throw new BadInputError('--cursor is not a cursor of this query');
  const page = await pageOfRuns(options, serviceKey, after, store);
  if (options.json) return printDocument(runsDocument(page), io);
  if (page.runs.length === 0) {
    const isPart = [options.service, options.verdict, cursor].some((filter) => filter !== undefined);
    io.stdout.write(isPart ? noSuchRuns : `${noRuns}\n`);
    return;
  }
  const rows = page.runs.map((run) => [
    run.id,
    run.createdAt.toISOString(),
    run.ref.service,
    run.candidate.revision,
    run.verdict ?? run.state,
    `${run.reasons[0]?.text ?? ''}${run.outcome ? ` → ${run.outcome.code}` : ''}`,
  ]);
  io.stdout.write(
    formatTable(['RUN', 'OPENED', 'SERVICE', 'REVISION', 'VERDICT', 'WHAT'], rows) + olderThan(page),
  );
}

async function keyOf(name: string, store: Store) {
  const known = await listServices(store);
  const service = known.find((one) => one.name === name || one.ref.service === name);
  if (!service)
    throw new UnknownNameError(
      known.length === 0 ? noRuns : describeUnknown('service', name, known.map((one) => one.name).sort()),
    );
  return serviceKeyOf(service.ref);
}
