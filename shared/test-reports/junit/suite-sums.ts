import type { TestOutcome } from '../test-case.ts';

/** Compares the sums in the attributes of one suite element with its cases. */
export class SuiteSums {
  readonly #tests: number | undefined;
  readonly #failures: number | undefined;
  readonly #errors: number | undefined;
  #cases = 0;
  #troubles = 0;
  #unsuccessful = 0;

  constructor(attributes: ReadonlyMap<string, string>) {
    const sum = (name: string) => readSum(attributes.get(name));
    this.#tests = sum('tests');
    this.#failures = sum('failures');
    this.#errors = sum('errors');
  }

  /** @param troubles the number of failures and errors of one case, attempts included */
  count(outcome: TestOutcome, troubles: number): void {
    this.#cases += 1;
    if (outcome === 'failed' || outcome === 'errored') this.#unsuccessful += 1;
    this.#troubles += troubles;
  }

  add(inner: SuiteSums): void {
    this.#cases += inner.#cases;
    this.#troubles += inner.#troubles;
    this.#unsuccessful += inner.#unsuccessful;
  }

  /**
   * A contradiction between sums and cases; undefined: there is none. Flavours differ in what they call an error and
   * whether attempts count, so only two things contradict: more trouble than the cases show, and sums that deny any.
   */
  contradiction(): string | undefined {
    const declared = (this.#failures ?? 0) + (this.#errors ?? 0);
    const denies = this.#failures !== undefined && declared === 0 && this.#unsuccessful > 0;
    if (declared > this.#troubles || denies)
      return `failures and errors sum up to ${declared}, but its cases have ${this.#troubles}`;
    if (this.#tests !== undefined && this.#tests > this.#cases)
      return `tests is ${this.#tests}, but there are ${this.#cases}`;
    return undefined;
  }
}

function readSum(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,9}\s*$/.test(text) ? Number(text) : undefined;
}
