import type { Random } from '../../shared/ports/random.ts';

/** The same sequence in every run. */
export class FakeRandom implements Random {
  #count = 0;

  nonce(): string {
    this.#count++;
    return `nonce-${this.#count}`;
  }

  fraction(): number {
    this.#count++;
    return (this.#count * 0.618034) % 1;
  }
}
