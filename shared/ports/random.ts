/** Randomness as an argument. */
export interface Random {
  /** @returns 20 hex digits, never twice the same */
  nonce(): string;
  /** @returns a number in [0, 1) */
  fraction(): number;
}
