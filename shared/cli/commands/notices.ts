import { Argument, Command, InvalidArgumentError } from 'commander';
import { RunIdSchema } from '../../contracts/id-schemas.ts';
import type { NoticeRecord } from '../../contracts/records.ts';
import type { RunId } from '../../domain/ids.ts';
import { countOf } from '../../domain/render/count-of.ts';
import { noticesDocument, retriedDocument } from '../../output/notice-output.ts';
import { noticesOfRun, retryNotices, untoldNotices } from '../../services/notices/query-notices.ts';
import type { Listed } from '../../services/query-reports.ts';
import { describeNotice, nameNotice } from '../../wording/describe-notice.ts';
import { formatTable } from '../../wording/format-table.ts';
import type { CliIo } from '../cli-io.ts';
import { BadInputError } from '../exit/bad-input-error.ts';
import { printDocument } from '../exit/print-document.ts';
import { parseOption } from '../options/parse-option.ts';
import { firestoreOption, recordsOption, type StoreOptions } from '../options/store-options.ts';
import { withLoop } from '../with-loop.ts';
import { withStore } from '../with-store.ts';

interface NoticesOptions extends StoreOptions {
  readonly open?: true;
  readonly run?: RunId;
  readonly json?: true;
}

/** `deploy-loop notices RUN`: what GitHub and webhooks are told of a run, and what keeps that back. */
export function noticesCommand(io: CliIo): Command {
  return new Command('notices')
    .description('list what GitHub and webhooks are told of a run, or try again what was not told')
    .addArgument(new Argument('[what]', 'the run id, or `retry`').argParser(parseWhat))
    .option('--open', 'all that is not told yet or was given up, of all runs')
    .option('--run <run>', 'with retry: of this run alone', parseOption(RunIdSchema))
    .addOption(firestoreOption)
    .addOption(recordsOption)
    .action(async (what: RunId | 'retry' | undefined, _options, command: Command) => {
      const options = command.optsWithGlobals<NoticesOptions>();
      if (what === 'retry') return retry(options, io);
      if ((what === undefined) === (options.open === undefined))
        throw new BadInputError('specify either a run or --open');
      const found = await withStore(options, io, (store) =>
        what === undefined ? untoldNotices(store) : noticesOfRun(store, what),
      );
      if (options.json) return printDocument(noticesDocument(found), io);
      io.stdout.write(found.length > 0 ? describe(found) : 'no notices\n');
    });
}

function parseWhat(text: string): RunId | 'retry' {
  if (text === 'retry') return text;
  const run = RunIdSchema.safeParse(text);
  if (!run.success) throw new InvalidArgumentError('write a run id (20 hex digits), or retry');
  return run.data;
}

/** With a database the functions try again, within a minute; with a file nobody else does, so that it is done here. */
async function retry(options: NoticesOptions, io: CliIo): Promise<void> {
  const retried =
    options.records === undefined
      ? await withStore(options, io, (store, clock) => retryNotices(options.run, { store, clock }), {
          readOnly: false,
        })
      : await withLoop(options, io, { mustExist: true }, ({ ports, finish }) =>
          finish(async () => {
            const ids = await retryNotices(options.run, ports);
            for (const noticeId of ids) await ports.bus.publish('notify', { noticeId });
            return ids;
          }),
        );
  if (options.json) return printDocument(retriedDocument(retried), io);
  const lines = retried.map((id) => `  ${id}\n`).join('');
  io.stdout.write(`${countOf(retried.length, 'notice')} to be tried again\n${lines}`);
}

function describe(found: readonly Listed<NoticeRecord>[]): string {
  const rows = found.map((notice) => [
    notice.createdAt.toISOString(),
    notice.runId ?? '-',
    notice.name ?? '-',
    nameNotice(notice),
    notice.state,
    describeNotice(notice),
  ]);
  return formatTable(['SINCE', 'RUN', 'SERVICE', 'WHAT', 'STATE', 'HOW FAR'], rows);
}
