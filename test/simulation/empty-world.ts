import type { Build } from '../../shared/domain/build.ts';
import type { ServiceRef } from '../../shared/domain/ids.ts';
import type { Ports } from '../../shared/ports/ports.ts';
import type { Random } from '../../shared/ports/random.ts';
import { continueInPlace } from '../../shared/runtime/continue-in-place.ts';
import { deliverInProcess } from '../../shared/runtime/deliver.ts';
import { aRef } from '../builders.ts';
import { grantedPorts } from '../world/granted-ports.ts';
import { SimCloud } from './cloud/sim-cloud.ts';
import { countTestsCommit } from './count-tests.ts';
import { Faults } from './events/faults.ts';
import { InvariantWatch } from './invariants/watch-invariants.ts';
import type { Dice } from './kernel/dice.ts';
import { Kernel } from './kernel/kernel.ts';
import { Machines } from './kernel/machines.ts';
import type { Scheduler } from './kernel/scheduler.ts';
import type { SimProcess } from './kernel/sim-process.ts';
import { Network } from './ports/network.ts';
import { portsOf } from './ports/ports-of.ts';
import { SimBus } from './ports/sim-bus.ts';
import { SimStore } from './ports/sim-store.ts';
import { Records } from './records.ts';
import type { HumanEdit, SimWorld } from './sim-world.ts';
import { SimulationLog } from './simulation-log.ts';

export interface WorldOptions {
  /** True: the story is told. */
  readonly tells: boolean;
  /** True: no call, message or write goes wrong by itself. */
  readonly isCalm: boolean;
}

/** A world with nothing in it yet. */
export class EmptyWorld implements SimWorld {
  readonly kernel: Kernel;
  readonly machines: Machines;
  readonly network = new Network();
  readonly log: SimulationLog;
  readonly cloud: SimCloud;
  readonly store: SimStore;
  readonly bus: SimBus;
  readonly records = new Records();
  readonly builds = new Map<string, Build>();
  readonly invariants: InvariantWatch;
  readonly faults: Faults;
  readonly random: Random;
  readonly humanEdits: HumanEdit[] = [];
  readonly services: SimWorld[] = [this];
  readonly #dice: Dice;
  readonly watched = new Map<string, ((nth: number) => void)[]>();

  constructor(scheduler: Scheduler, dice: Dice, { tells, isCalm }: WorldOptions) {
    this.kernel = new Kernel(scheduler, dice.fork('kernel'));
    this.#dice = dice;
    this.machines = new Machines(dice.fork('machines'));
    const { kernel } = this;
    this.log = new SimulationLog(() => kernel.nowMs, tells);
    this.invariants = new InvariantWatch(this.log);
    this.cloud = new SimCloud(aRef, kernel, dice.fork('cloud'));
    this.store = new SimStore({ now: () => new Date(kernel.nowMs) }, (writes) => {
      for (const write of writes) {
        const existed = this.records.has(write);
        this.records.apply([write]);
        this.invariants.onCommit(write, existed);
        countTestsCommit(write, this);
      }
    });
    this.faults = new Faults(dice.fork('faults'), this.log, this.watched, isCalm);
    const inPlace = dice.fork('in place');
    this.bus = new SimBus(this, dice.fork('bus'), (hop, message, process) => {
      if ('turn' in message && this.records.turn(message.runId, message.slot) > message.turn)
        this.log.count('messages of older turns');
      const tell = (violation: string) =>
        this.invariants.report('no account does what it may not', violation);
      const own = portsOf(process, this);
      // As in one process, or as in functions.
      if (inPlace.chance(0.5)) return deliverInProcess(hop, message, grantedPorts(hop, own, tell));
      return continueInPlace(hop, message, own, (to, its, ports) => {
        if (to !== hop) this.log.count('hops in place');
        return deliverInProcess(to, its as typeof message, grantedPorts(to, ports, tell));
      });
    });
    const random = dice.fork('random');
    let nonces = 0;
    this.random = {
      nonce: () => String(++nonces).padStart(20, '0'),
      fraction: () => random.fraction(),
    };
    if (tells) kernel.onStep = ({ actor, label }) => this.log.tell(actor.name, label);
  }

  around({ service }: Pick<ServiceRef, 'service'>): SimWorld {
    return this.services.find(({ cloud }) => cloud.ref.service === service) ?? this;
  }

  found(ref: ServiceRef): SimWorld {
    const beside: SimWorld = {
      ...this,
      cloud: new SimCloud(ref, this.kernel, this.#dice.fork(ref.service)),
      humanEdits: [],
      around: (other) => this.around(other),
      found: (other) => this.found(other),
      kill: (process, where) => this.kill(process, where),
      act: (name, work) => this.act(name, work),
    };
    this.services.push(beside);
    return beside;
  }

  kill(process: SimProcess, where: string): void {
    if (process.dead) return;
    process.dead = true;
    this.log.tell(process.name, `DIES ${where}`);
    if (where === 'after store.commit plan') this.log.count('half-made plans');
    this.bus.abandon.get(process)?.();
  }

  act(name: string, work: (ports: Ports) => Promise<unknown>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const actor = this.kernel.actor(name);
    const process = Object.assign(actor, {
      hop: undefined,
      skewMs: 0,
      message: name,
      effectId: undefined,
      probed: new Map(),
      readAtMs: new Map(),
      wasAway: false,
    });
    this.bus.pending++;
    const end = () => {
      this.bus.pending--;
      resolve();
    };
    const fail = (error: unknown) => {
      this.invariants.report('people can do what they want', `${name}: ${String(error)}`);
      end();
    };
    this.kernel.ready({
      actor: process,
      label: 'begins',
      run: () => void work(portsOf(process, this, { faultless: true })).then(end, fail),
    });
    return promise;
  }
}
