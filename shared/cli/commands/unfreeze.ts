import { Command } from 'commander';
import { freezeOf } from '../../contracts/records.ts';
import { serviceKeyOf } from '../../domain/ids.ts';
import { findService } from '../../services/query-reports.ts';
import { liftControl } from '../../services/set-control.ts';
import { BadInputError } from '../bad-input-error.ts';
import type { CliIo } from '../cli-io.ts';
import { firestoreOption, recordsOption, type StoreOptions } from '../store-options.ts';
import { withStore } from '../with-store.ts';

/** `deploy-loop unfreeze SERVICE`: the guard may write again. */
export function unfreezeCommand(io: CliIo): Command {
  return new Command('unfreeze')
    .description('let the guard write traffic again after a freeze')
    .argument('<service>', 'the service, by its name in the config')
    .addOption(firestoreOption)
    .addOption(recordsOption)
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<StoreOptions>();
      const reason = await withStore(options, io, async (store, clock) => {
        const service = await findService(store, name);
        if (!service) throw new BadInputError(`no service ${name} is recorded`);
        return liftControl(freezeOf(serviceKeyOf(service.ref)), { store, clock });
      });
      io.stdout.write(
        reason === undefined
          ? `${name} was not frozen\n`
          : `${name} is no longer frozen (it was: ${reason})\n`,
      );
    });
}
