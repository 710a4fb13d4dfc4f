/** Time as an argument. Wall time may jump; `monotonicMs` never goes back. */
export interface Clock {
  now(): Date;
  /** @returns milliseconds since an arbitrary start */
  monotonicMs(): number;
  /** @param ms 0 or less returns on the next turn of the event loop */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
