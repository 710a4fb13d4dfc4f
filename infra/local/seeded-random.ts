import { seededFractions } from '../../shared/domain/seeded-fractions.ts';

/** Random numbers that a seed repeats, so that a run of the local cloud can be replayed. */
export class SeededRandom {
  readonly #seed: number;
  /** @returns a number in [0, 1) */
  readonly fraction: () => number;

  constructor(seed: number) {
    this.#seed = seed >>> 0;
    this.fraction = seededFractions(this.#seed);
  }

  /** A stream of its own: what one part draws does not shift what another part gets. */
  fork(name: string): SeededRandom {
    let hash = this.#seed ^ 0x9e3779b9;
    for (const char of name) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
    return new SeededRandom(hash);
  }

  /** @returns a number in [from, to) */
  between([from, to]: readonly [from: number, to: number]): number {
    return from + this.fraction() * (to - from);
  }

  /** @returns `length` characters of `alphabet` */
  text(length: number, alphabet = '0123456789abcdef'): string {
    return Array.from({ length }, () => alphabet.charAt(Math.floor(this.fraction() * alphabet.length))).join(
      '',
    );
  }

  /** @returns a UUID, version 4 */
  uuid(): string {
    const variant = '89ab'.charAt(Math.floor(this.fraction() * 4));
    return `${this.text(8)}-${this.text(4)}-4${this.text(3)}-${variant}${this.text(3)}-${this.text(12)}`;
  }
}
