import type { Dice } from '../kernel/dice.ts';
import type { CallFault } from '../ports/call.ts';
import type { BusFaults } from '../ports/sim-bus.ts';
import type { SimulationLog } from '../simulation-log.ts';

export type WriteFault = 'conflict' | 'dropped' | 'lost-answer' | 'late';

/** A fault at the nth call of a kind, counted over all processes. */
interface CallTrigger {
  readonly kind: string;
  readonly nth: number;
  readonly fault: CallFault;
}

/** The calls of those who write traffic. */
const ofEffect = ['of an effect', 90] as const;

/** Kinds of calls that are worth a fault, and about how many a schedule makes. */
/** A check under way: whoever is away there for long comes back past its lease. */
const ofCheck = ['checks.run', 12] as const;
const ofClaim = ['store.commit claims', 8] as const;

const kinds: readonly [readonly [kind: string, calls: number], ...(readonly [string, number])[]] = [
  ['any', 600],
  ['any', 200],
  ['store.commit', 40],
  ['bus.publish', 30],
  ['store.commit intents', 8],
  ['run.updateTraffic', 4],
  ofEffect,
  ['store.commit plan', 2],
  ['store.commit shards', 8],
  ofClaim,
];

/** All that goes wrong with calls, messages and writes in one schedule: drawn beforehand, each a bounded number of times. */
export class Faults {
  readonly bus: BusFaults;
  readonly #dice: Dice;
  readonly #log: SimulationLog;
  readonly #triggers: readonly CallTrigger[];
  readonly #writeFaults: ReadonlyMap<number, WriteFault>;
  readonly #calls = new Map<string, number>();
  readonly #watched: ReadonlyMap<string, ((nth: number) => void)[]>;
  #writes = 0;
  /** False: nothing happens at calls any more. */
  active = true;

  constructor(
    dice: Dice,
    log: SimulationLog,
    watched: ReadonlyMap<string, ((nth: number) => void)[]>,
    isCalm: boolean,
  ) {
    this.#dice = dice;
    this.#log = log;
    this.#watched = watched;
    const some = (probability: number, most: number) =>
      !isCalm && dice.chance(probability) ? dice.between(1, most) : 0;
    this.bus = { duplicates: some(0.4, 4), delays: some(0.2, 2) };
    const triggers = (n: number, fault: () => CallFault, ...only: (readonly [string, number])[]) =>
      Array.from({ length: n }, (): CallTrigger => {
        const [kind, calls] = only[0] ?? dice.pick(kinds);
        return { kind, nth: dice.between(1, calls), fault: fault() };
      });
    this.#triggers = [
      ...triggers(some(0.5, 3), () => dice.pick(['crash-before', 'crash-after'])),
      ...triggers(some(0.15, 1), () => 'freeze'),
      ...triggers(some(0.25, 2), () => dice.pick(['stall', 'freeze']), ofCheck),
      ...triggers(some(0.3, 2), () => 'stall', ofEffect),
      ...triggers(some(0.2, 1), () => 'stall', ['store.commit intents', 6]),
      ...triggers(some(0.15, 2), () => 'answer-lost').map((trigger) => ({
        ...trigger,
        kind: 'store.commit',
      })),
      ...triggers(some(0.1, 1), () => 'answer-lost', ofClaim),
    ];
    const writeFault = () => dice.pick<WriteFault>(['conflict', 'dropped', 'lost-answer', 'late']);
    this.#writeFaults = new Map(
      Array.from({ length: some(0.4, 2) }, () => [dice.between(1, 4), writeFault()]),
    );
  }

  /**
   * What befalls the call that is about to be made.
   * @param routes true: the caller is at work on an effect
   */
  at(kind: string, routes: boolean): CallFault | undefined {
    const nths = (routes ? [kind, 'any', 'of an effect'] : [kind, 'any']).map((counted) => {
      const nth = (this.#calls.get(counted) ?? 0) + 1;
      this.#calls.set(counted, nth);
      return [counted, nth] as const;
    });
    if (!this.active) return undefined;
    for (const event of this.#watched.get(kind) ?? []) event(nths[0]?.[1] ?? 0);
    const hit = this.#triggers.find((trigger) =>
      nths.some(([counted, nth]) => trigger.kind === counted && trigger.nth === nth),
    );
    if (hit) this.#log.count(hit.fault);
    return hit?.fault;
  }

  nextWriteFault(): WriteFault | undefined {
    const fault = this.#writeFaults.get(++this.#writes);
    return this.active ? fault : undefined;
  }

  /** Whether a client repeats a call whose answer it has not got. */
  repeats(): boolean {
    return this.#dice.chance(0.5);
  }

  /** How long a process does nothing: ten minutes, or somewhat longer than a lease. */
  absenceMs(fault: 'freeze' | 'stall'): number {
    return fault === 'freeze' ? 600_000 : this.#dice.between(31_000, 150_000);
  }

  /** How late a write may be accepted whose answer was lost. */
  lateMs(): number {
    return this.#dice.between(100, 20_000);
  }
}
