import type { Clock } from '../../ports/clock.ts';

/**
 * Shares a query between many callers: at most one is in progress, and all callers that arrive meanwhile share the next
 * one. It starts after their call, so it sees their writes.
 */
export function coalesce<T>(ask: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  let next: Promise<T> | undefined;
  const start = (): Promise<T> => {
    next = undefined;
    const asked = ask();
    running = asked;
    const end = () => {
      if (running === asked) running = undefined;
    };
    asked.then(end, end);
    return asked;
  };
  return () => {
    if (!running) return start();
    next ??= running.then(start, start);
    return next;
  };
}

/** A query whose result is valid for a while: all calls within that time get the same result. */
export function remember<T>(ageMs: number, clock: Clock, ask: () => Promise<T>): () => Promise<T> {
  let known: { readonly answer: Promise<T>; readonly atMs: number } | undefined;
  return () => {
    const nowMs = clock.monotonicMs();
    if (known && nowMs - known.atMs < ageMs) return known.answer;
    const answer = ask();
    known = { answer, atMs: nowMs };
    answer.catch(() => {
      known = undefined;
    });
    return answer;
  };
}
