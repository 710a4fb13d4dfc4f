/** What stopped the work: a time limit, or a signal to the process. */
export type StopCause =
  | { readonly kind: 'timeout'; readonly afterMs: number }
  | { readonly kind: 'signal'; readonly signal: StopSignal };

/** The signals by which a person, or Cloud Build, ends a process. */
export const stopSignals = ['SIGINT', 'SIGTERM'] as const;
export type StopSignal = (typeof stopSignals)[number];

/** The work was stopped before its end: no call is in progress any more, and what was done is recorded. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
  readonly stop: StopCause;

  constructor(stop: StopCause) {
    super(stop.kind === 'timeout' ? 'stopped at the time limit' : `stopped by ${stop.signal}`);
    this.stop = stop;
  }
}
