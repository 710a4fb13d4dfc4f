import { setTimeout } from 'node:timers/promises';
import type { CallOptions } from 'google-gax';
import { faultOfError, type GoogleFault } from './faults.ts';

const readTimeoutMs = 10_000;
const retryDelayMs = 100;
const shortestAttemptMs = 1_000;

/** The limits of one attempt. The client's own retries, up to ten minutes of them, are off. */
export function boundedCall(timeout: number): CallOptions {
  return { timeout, retry: null };
}

export type ReadResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: GoogleFault };

/** Reads within 10 s. Tries a second time if the API did not respond and time is left. Never throws. */
export async function readGoogle<T>(call: (options: CallOptions) => Promise<T>): Promise<ReadResult<T>> {
  const deadline = performance.now() + readTimeoutMs;
  const first = await attempt(call, readTimeoutMs);
  const leftMs = deadline - performance.now() - retryDelayMs;
  if (first.ok || first.fault.code !== 'UNAVAILABLE' || leftMs < shortestAttemptMs) return first;
  await setTimeout(retryDelayMs);
  return await attempt(call, leftMs);
}

async function attempt<T>(
  call: (options: CallOptions) => Promise<T>,
  timeoutMs: number,
): Promise<ReadResult<T>> {
  try {
    return { ok: true, value: await call(boundedCall(timeoutMs)) };
  } catch (error) {
    return { ok: false, fault: faultOfError(error) };
  }
}
