import type { Build } from '../../shared/domain/build.ts';
import type { ServiceRef } from '../../shared/domain/ids.ts';
import type { Ports } from '../../shared/ports/ports.ts';
import type { Random } from '../../shared/ports/random.ts';
import type { SimCloud } from './cloud/sim-cloud.ts';
import type { Faults } from './events/faults.ts';
import type { InvariantWatch } from './invariants/watch-invariants.ts';
import type { Kernel } from './kernel/kernel.ts';
import type { Machines } from './kernel/machines.ts';
import type { SimProcess } from './kernel/sim-process.ts';
import type { Network } from './ports/network.ts';
import type { SimBus } from './ports/sim-bus.ts';
import type { SimStore } from './ports/sim-store.ts';
import type { Records } from './records.ts';
import type { SimulationLog } from './simulation-log.ts';

export interface HumanEdit {
  readonly atMs: number;
}

/** The real services between simulated ports, and all that there is to know about them. */
export interface SimWorld {
  readonly kernel: Kernel;
  readonly machines: Machines;
  readonly network: Network;
  readonly log: SimulationLog;
  /** The service that all is about. */
  readonly cloud: SimCloud;
  readonly store: SimStore;
  readonly bus: SimBus;
  readonly records: Records;
  readonly builds: Map<string, Build>;
  readonly invariants: InvariantWatch;
  readonly faults: Faults;
  readonly random: Random;
  /** Changes of percents by people. */
  readonly humanEdits: HumanEdit[];
  /** Called at the nth call of a kind. */
  readonly watched: Map<string, ((nth: number) => void)[]>;
  /** The world around one of several services. */
  around(ref: Pick<ServiceRef, 'service'>): SimWorld;
  /** One more service beside the one that all is about. @returns the world around it */
  found(ref: ServiceRef): SimWorld;
  /** All of them. */
  readonly services: readonly SimWorld[];
  /** The process dies there; its message will be delivered again. */
  kill(process: SimProcess, where: string): void;
  /** Somebody at a terminal, who dies of nothing. @returns when that is done */
  act(name: string, work: (ports: Ports) => Promise<unknown>): Promise<void>;
}
