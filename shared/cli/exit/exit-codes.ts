/** The exit codes of every command. */
export const exitCodes = {
  pass: 0,
  /** A revision was judged bad. No other failure may use this code. */
  fail: 1,
  /** A manual change was refused and not made. */
  refused: 1,
  /** Two files that should agree do not. */
  disagreement: 1,
  /** The arguments, the environment or a file cannot be used; nothing was done. */
  badInput: 2,
  /** No verdict: something was missing, unavailable or broken. */
  inconclusive: 3,
  /** Every revision was verified, and an audit that is a gate has failed. */
  audit: 4,
  /** Stopped by SIGINT (Ctrl-C); what was done is printed. As a shell reports it. */
  interrupted: 130,
  /** Stopped by SIGTERM, as Cloud Build does at a step's timeout. */
  terminated: 143,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
