import type { Hop, MessageOf } from '../../../shared/contracts/messages.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Dice } from '../kernel/dice.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Machines } from '../kernel/machines.ts';
import type { SimProcess } from '../kernel/sim-process.ts';
import type { SimulationLog } from '../simulation-log.ts';
import type { Network } from './network.ts';

export interface BusFaults {
  /** How many messages are delivered twice, and how many late by up to hours. */
  duplicates: number;
  delays: number;
}

interface Surroundings {
  readonly kernel: Kernel;
  readonly log: SimulationLog;
  readonly faults: { readonly bus: BusFaults };
  readonly network: Network;
  readonly machines: Machines;
}

type Deliver = <H extends Hop>(hop: H, message: MessageOf<H>, process: SimProcess) => Promise<void>;

const ackDeadlineMs = 600_000;
/** A message that was tried so often is dead-lettered; the sweep has to do without. */
const maxDeliveries = 8;

/** At least once, in any order, perhaps late: each delivery is a process of its own. */
export class SimBus {
  /** Deliveries that are to come or under way. */
  pending = 0;
  /** How many messages of each hop there were. */
  readonly published = new Map<Hop, number>();
  readonly #kernel: Kernel;
  readonly #dice: Dice;
  readonly #log: SimulationLog;
  readonly #deliver: Deliver;
  readonly #faults: BusFaults;
  readonly #network: Network;
  readonly #machines: Machines;

  constructor({ kernel, log, faults, network, machines }: Surroundings, dice: Dice, deliver: Deliver) {
    this.#kernel = kernel;
    this.#dice = dice;
    this.#log = log;
    this.#faults = faults.bus;
    this.#network = network;
    this.#machines = machines;
    this.#deliver = deliver;
  }

  publish<H extends Hop>(hop: H, message: MessageOf<H>): void {
    this.published.set(hop, (this.published.get(hop) ?? 0) + 1);
    if (!this.#network.delivers(hop)) {
      this.#log.count('messages that nobody gets');
      return;
    }
    this.#schedule(hop, message, this.#delayMs(hop), 1);
    if (this.#faults.duplicates > 0 && this.#dice.chance(0.05)) {
      this.#faults.duplicates--;
      this.#log.count('duplicates');
      this.#schedule(hop, message, this.#dice.below(20_000), 1);
    }
  }

  /** The process died: nobody acknowledges its message. */
  readonly abandon = new Map<Actor, () => void>();

  #delayMs(hop: Hop): number {
    if (this.#faults.delays > 0 && hop !== 'sweep-stale-runs' && this.#dice.chance(0.03)) {
      this.#faults.delays--;
      this.#log.count('delays');
      return this.#dice.chance(0.3)
        ? this.#dice.between(3_600_000, 9_000_000)
        : this.#dice.between(10_000, 600_000);
    }
    return this.#dice.chance(0.1) ? this.#dice.below(3_000) : this.#dice.below(100);
  }

  #schedule<H extends Hop>(hop: H, message: MessageOf<H>, delayMs: number, delivery: number): void {
    this.pending++;
    this.#kernel.after(delayMs, () => {
      const process = this.#process(hop, message, delivery);
      this.#kernel.ready({
        actor: process,
        label: `receives ${process.message}`,
        run: () => this.#run(hop, message, delivery, process),
      });
    });
  }

  #process<H extends Hop>(hop: H, message: MessageOf<H>, delivery: number): SimProcess {
    const actor = this.#kernel.actor('');
    const name = `#${actor.id} ${hop}`;
    const text = this.#log.tells ? `${JSON.stringify(message)} (delivery ${delivery})` : '';
    const effectId = 'effectId' in message ? message.effectId : undefined;
    return Object.assign(actor, {
      name,
      hop,
      skewMs: this.#machines.nextSkewMs(),
      message: text,
      effectId,
      probed: new Map(),
      readAtMs: new Map(),
      wasAway: false,
    });
  }

  #run<H extends Hop>(hop: H, message: MessageOf<H>, delivery: number, process: SimProcess): void {
    let over = false;
    const end = (again: boolean, delayMs: number) => {
      if (over) return;
      over = true;
      this.abandon.delete(process);
      this.pending--;
      if (again && delivery < maxDeliveries) this.#schedule(hop, message, delayMs, delivery + 1);
      else if (again) this.#log.count('dead letters');
    };
    const backoffMs = () => Math.min(600_000, 1_000 * 2 ** delivery) + this.#dice.below(1_000);
    this.abandon.set(process, () => end(true, this.#dice.between(1_000, 60_000)));
    this.#kernel.after(ackDeadlineMs, () => end(true, 0));
    this.#deliver(hop, message, process).then(
      () => end(false, 0),
      (error: unknown) => {
        this.#log.tell(process.name, `fails: ${String(error)}`);
        end(true, backoffMs());
      },
    );
  }
}
