/**
 * A question that many ask at a time: one query is under way at most, and whoever asks meanwhile shares the next, which
 * begins after they asked and so sees what they have written.
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
