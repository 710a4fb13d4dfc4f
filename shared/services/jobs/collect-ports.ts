import type { CommandEnvironments } from '../../ports/command-environments.ts';
import type { Ports } from '../../ports/ports.ts';
import { oneAtATime } from '../checks/coalesce.ts';
import { RareLog } from './rare-log.ts';

/** The ports of *collect-results*. */
export interface CollectPorts extends Pick<Ports, 'store' | 'clock' | 'log' | 'random'> {
  readonly environments: CommandEnvironments;
  /** For what strangers can cause. */
  readonly rare: RareLog;
  /** Runs what strangers can cause, a few at a time; the others wait. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * How many requests are looked up at the same time. Each may hold a document of 1 MiB in several forms, before its
 * sender is known.
 */
const lanes = 8;

/** @param ports of one process, whose requests share what strangers may use */
export function collectPortsOf(ports: Omit<CollectPorts, 'rare' | 'inTurn'>): CollectPorts {
  const turns = Array.from({ length: lanes }, oneAtATime);
  let next = 0;
  return {
    ...ports,
    rare: new RareLog(ports.log, ports.clock),
    inTurn: (work) => {
      next = (next + 1) % lanes;
      return (turns[next] ?? oneAtATime())(work);
    },
  };
}
