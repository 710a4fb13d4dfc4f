import { Command } from 'commander';
import { servicesDocument } from '../../output/service-output.ts';
import { loadOverview, type ServicesOverview } from '../../services/load-overview.ts';
import { describeControl, describeStanding } from '../../wording/describe-standing.ts';
import { formatTable } from '../../wording/format-table.ts';
import { lifts } from '../../wording/mend-of.ts';
import { noGoodYet, noServices } from '../../wording/nothing-yet.ts';
import type { CliIo } from '../cli-io.ts';
import { printDocument } from '../exit/print-document.ts';
import {
  firestoreOption,
  recordsOption,
  recordsOptionsOf,
  type StoreOptions,
} from '../options/store-options.ts';
import { withStore } from '../with-store.ts';

/** `deploy-loop services`: the good revision of each service, and anything unusual: pin, freeze, pause, alarm. */
export function servicesCommand(io: CliIo): Command {
  return new Command('services')
    .description('list the watched services: last good revision, pin, freeze, pause, freeze window, alarm')
    .addOption(firestoreOption)
    .addOption(recordsOption)
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<StoreOptions & { json?: true }>();
      const overview = await withStore(options, io, loadOverview);
      if (options.json) printDocument(servicesDocument(overview), io);
      else io.stdout.write(describe(overview, recordsOptionsOf(options)));
    });
}

function describe({ killSwitch, services }: ServicesOverview, records: string | undefined): string {
  const rows = services.map(({ name, ref, lastGood, ...standing }) => [
    name,
    `${ref.project}/${ref.region}/${ref.service}`,
    lastGood[0]?.revision ?? 'none yet',
    standing.pin ? `${standing.pin.owner}: ${standing.pin.target}` : '-',
  ]);
  const notes = services.flatMap((service) =>
    [
      ...describeStanding(service, { ...service, records }),
      ...(service.lastGood.length === 0 ? [`no good   ${noGoodYet}`] : []),
    ].map((line) => `${service.name}  ${line}\n`),
  );
  const killed = killSwitch
    ? `THE KILL SWITCH IS ON ${describeControl(killSwitch)}; ends with ${lifts.killed({ name: '', records })}\n\n`
    : '';
  if (services.length === 0) return `${killed}${noServices}`;
  const table = formatTable(['NAME', 'SERVICE', 'LAST GOOD', 'PIN'], rows);
  return `${killed}${table}${notes.length > 0 ? '\n' : ''}${notes.join('')}`;
}
