/**
 * Waits for `work` no longer than that. The work itself goes on: not every client can cancel what it has begun.
 *
 * @param late what is thrown when it took longer than `ms`
 */
export async function within<T>(ms: number, work: Promise<T>, late: () => Error): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late()), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
