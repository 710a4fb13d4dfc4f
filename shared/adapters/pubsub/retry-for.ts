import { setTimeout as sleep } from 'node:timers/promises';
import type { CallOptions } from 'google-gax';
import { faultOfError, readError } from '../google/faults.ts';
import { boundedCall } from '../google/read-google.ts';
import { within } from '../within.ts';

const firstDelayMs = 100;
const maxDelayMs = 1_000;
/**
 * The extra time of an attempt beyond its timeout, in ms: the client's own error, if there is one, should come first.
 */
const graceMs = 100;

/**
 * Repeats an idempotent call until it succeeds. The client's own retries, up to ten minutes of them, are off.
 *
 * @param timeoutMs for all attempts together; one alone gets half of it
 * @param call its name in error messages
 * @throws {TransientError} time is up
 * @throws {PermanentError} another attempt would fail the same way
 */
export async function retryFor<T>(
  timeoutMs: number,
  call: string,
  attempt: (options: CallOptions) => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (let delayMs = firstDelayMs; ; delayMs = Math.min(delayMs * 2, maxDelayMs)) {
    const attemptMs = Math.min(Math.ceil(timeoutMs / 2), deadline - performance.now());
    try {
      // Looking for credentials is not part of the client's own timeout.
      const late = () => new Error(`no response in ${Math.round(attemptMs)} ms`);
      return await within(attemptMs + graceMs, attempt(boundedCall(attemptMs)), late);
    } catch (error) {
      // Not as its cause: the client's errors carry the metadata of the request, and with it the access token.
      const fault = readError(call, faultOfError(error));
      if (!fault.retryable || performance.now() + delayMs >= deadline) throw fault;
    }
    await sleep(delayMs);
  }
}
