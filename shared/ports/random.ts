/** Randomness as an argument. */
export interface Random {
  /** @returns 20 hex digits, never the same twice */
  nonce(): string;
  /** @returns a number in [0, 1) */
  fraction(): number;
}
