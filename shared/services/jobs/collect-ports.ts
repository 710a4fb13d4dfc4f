import type { CommandEnvironments } from '../../ports/command-environments.ts';
import type { Ports } from '../../ports/ports.ts';

/** The ports of *collect-results*. */
export interface CollectPorts extends Pick<Ports, 'store' | 'clock' | 'log'> {
  readonly environments: CommandEnvironments;
}
