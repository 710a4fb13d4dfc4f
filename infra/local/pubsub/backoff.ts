import type { Backoff } from './pubsub-profile.ts';

/** @param attempts failed so far, at least 1. @returns ms before the next one */
export function backoffMs(attempts: number, { minBackoffMs, maxBackoffMs }: Backoff): number {
  return Math.min(maxBackoffMs, minBackoffMs * 2 ** (attempts - 1));
}
