import { Command } from 'commander';
import { listServices } from '../../services/query-reports.ts';
import type { CliIo } from '../cli-io.ts';
import { formatTable } from '../format/table.ts';
import { firestoreOption, recordsOption, type StoreOptions } from '../store-options.ts';
import { withStore } from '../with-store.ts';

/** `deploy-loop services`: which revision of each service is known to be good, and whose traffic is pinned. */
export function servicesCommand(io: CliIo): Command {
  return new Command('services')
    .description('list the watched services with their last good revision and pin')
    .addOption(firestoreOption)
    .addOption(recordsOption)
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<StoreOptions & { json?: true }>();
      const services = await withStore(options, io, listServices);
      const rows = services.map(({ name, ref, lastGood, pin }) => [
        name,
        `${ref.project}/${ref.region}/${ref.service}`,
        lastGood[0]?.revision ?? '-',
        pin ? `on ${pin.target}, since ${pin.bad} failed` : '-',
      ]);
      io.stdout.write(
        options.json
          ? `${JSON.stringify({ services })}\n`
          : formatTable(['NAME', 'SERVICE', 'LAST GOOD', 'PINNED'], rows),
      );
    });
}
