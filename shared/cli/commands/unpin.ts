import type { Command } from 'commander';
import type { CliIo } from '../cli-io.ts';
import { changeTraffic } from '../traffic/change-traffic.ts';
import { type ManualOptions, manualCommand } from '../traffic/manual-command.ts';

/** `deploy-loop unpin SERVICE`: restores the traffic setting from before the pin, LATEST included. */
export function unpinCommand(io: CliIo): Command {
  return manualCommand('unpin', 'end a pin and restore the traffic from before it').action(
    (service: string, _options, command: Command) =>
      changeTraffic('unpin', service, command.optsWithGlobals<ManualOptions>(), io),
  );
}
