import { once } from 'node:events';
import type { Clock } from '../../../ports/clock.ts';

/** Waits until the time is over or the signal aborts. */
export async function rest(ms: number, signal: AbortSignal, clock: Pick<Clock, 'sleep'>): Promise<void> {
  await unlessAborted(signal, (ended) => clock.sleep(ms, ended));
}

/**
 * The result of `work`, or undefined as soon as the signal aborts.
 * @param work gets a signal that aborts when its result is no longer wanted
 */
export async function unlessAborted<T>(
  signal: AbortSignal,
  work: (ended: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  const finished = new AbortController();
  const aborted = once(signal, 'abort', { signal: finished.signal }).then(
    () => undefined,
    () => undefined,
  );
  try {
    return await Promise.race([work(finished.signal), aborted]);
  } finally {
    finished.abort();
  }
}
