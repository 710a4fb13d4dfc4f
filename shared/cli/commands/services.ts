import { Command } from 'commander';
import { killSwitch } from '../../contracts/records.ts';
import type { ServiceKey } from '../../domain/ids.ts';
import type { Store } from '../../ports/store.ts';
import { listServices } from '../../services/query-reports.ts';
import { loadControl, loadControls } from '../../services/records/load-controls.ts';
import { loadWindow } from '../../services/records/load-pause.ts';
import { describeControl, describeStanding } from '../../wording/describe-standing.ts';
import { formatTable } from '../../wording/format-table.ts';
import { mends } from '../../wording/mend-of.ts';
import { noGoodYet, noServices } from '../../wording/nothing-yet.ts';
import type { CliIo } from '../cli-io.ts';
import type { StoreOptions } from '../options/store-options.ts';
import { firestoreOption, recordsOption } from '../options/store-options.ts';
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
      io.stdout.write(options.json ? `${JSON.stringify(overview)}\n` : describe(overview));
    });
}

type Overview = Awaited<ReturnType<typeof loadOverview>>;

async function loadOverview(store: Store) {
  const [killed, found] = await Promise.all([loadControl(killSwitch, store), listServices(store)]);
  const services = await Promise.all(
    found.map(async (service) => {
      const key = service.id as ServiceKey;
      const { freeze, pause } = await loadControls(key, undefined, store);
      return { ...service, freeze, pause, window: await loadWindow(key, store) };
    }),
  );
  return { killSwitch: killed?.data, services };
}

function describe({ killSwitch, services }: Overview): string {
  const rows = services.map(({ name, ref, lastGood, ...standing }) => [
    name,
    `${ref.project}/${ref.region}/${ref.service}`,
    lastGood[0]?.revision ?? 'none yet',
    standing.pin ? `${standing.pin.owner}: ${standing.pin.target}` : '-',
  ]);
  const notes = services.flatMap((service) =>
    [
      ...describeStanding(service, service),
      ...(service.lastGood.length === 0 ? [`no good   ${noGoodYet}`] : []),
    ].map((line) => `${service.name}  ${line}\n`),
  );
  const killed = killSwitch
    ? `THE KILL SWITCH IS ON ${describeControl(killSwitch)}; ${mends.killed('')}\n\n`
    : '';
  if (services.length === 0) return `${killed}${noServices}`;
  const table = formatTable(['NAME', 'SERVICE', 'LAST GOOD', 'PIN'], rows);
  return `${killed}${table}${notes.length > 0 ? '\n' : ''}${notes.join('')}`;
}
