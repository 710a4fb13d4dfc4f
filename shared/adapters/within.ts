/**
 * Waits at most `ms` for `work`. The work itself goes on: not every client can cancel a call.
 *
 * @param late the error to throw when `work` takes longer than `ms`
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
