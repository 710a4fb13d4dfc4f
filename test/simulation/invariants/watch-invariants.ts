import type { Write } from '../../../shared/ports/store.ts';
import type { SimulationLog } from '../simulation-log.ts';
import type { ExecutedCheck, Invariant, LandedWrite } from './invariant.ts';

export interface Violation {
  readonly promise: string;
  readonly detail: string;
}

/** Asks every invariant at every occasion, and keeps what they say. */
export class InvariantWatch {
  readonly violations: Violation[] = [];
  readonly #log: SimulationLog;
  #invariants: readonly Invariant[] = [];

  constructor(log: SimulationLog) {
    this.#log = log;
  }

  begin(invariants: readonly Invariant[]): void {
    this.#invariants = invariants;
  }

  onWrite(write: LandedWrite): void {
    for (const invariant of this.#invariants) this.#note(invariant, invariant.onWrite?.(write));
  }

  onCommit(write: Write, existed: boolean): void {
    for (const invariant of this.#invariants) this.#note(invariant, invariant.onCommit?.(write, existed));
  }

  onCheck(check: ExecutedCheck): void {
    for (const invariant of this.#invariants) this.#note(invariant, invariant.onCheck?.(check));
  }

  onSweep(): void {
    for (const invariant of this.#invariants) this.#note(invariant, invariant.onSweep?.());
  }

  atEnd(): void {
    for (const invariant of this.#invariants) this.#note(invariant, invariant.atEnd?.());
  }

  report(promise: string, detail: string): void {
    this.violations.push({ promise, detail });
    this.#log.tell('VIOLATION', `${promise}: ${detail}`);
  }

  #note({ promise }: Invariant, detail: string | undefined): void {
    if (detail !== undefined) this.report(promise, detail);
  }
}
