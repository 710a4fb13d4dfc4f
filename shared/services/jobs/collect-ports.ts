import type { CommandEnvironments } from '../../ports/command-environments.ts';
import type { Ports } from '../../ports/ports.ts';

/** What *collect-results* works with. */
export interface CollectPorts extends Pick<Ports, 'store' | 'clock' | 'log'> {
  readonly environments: CommandEnvironments;
}
