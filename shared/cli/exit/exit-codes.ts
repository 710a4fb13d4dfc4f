/** The exit codes of every command. */
export const exitCodes = {
  pass: 0,
  /** A revision was judged bad. No other failure may use this code. */
  fail: 1,
  /** A manual change was refused and not made. */
  refused: 1,
  /** The arguments, the environment or a file cannot be used; nothing was done. */
  badInput: 2,
  /** No verdict: something was missing, unavailable or broken. */
  inconclusive: 3,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
