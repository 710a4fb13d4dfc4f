/** What the exit code of every command means. */
export const exitCodes = {
  pass: 0,
  /** A revision was judged bad; nothing else that judges may ever end with this code. */
  fail: 1,
  /** A manual change was refused, and not made. */
  refused: 1,
  /** The arguments, the environment or a file are not usable; nothing was done. */
  badInput: 2,
  /** No verdict: something was missing, out of reach or broken. */
  inconclusive: 3,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
