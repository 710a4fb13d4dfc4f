import { TransientError } from '../../domain/errors.ts';

/**
 * Waits for `work` no longer than that. The work itself goes on: the client cannot cancel a read, and tries it five
 * times, which may take a minute.
 *
 * @throws {TransientError} it took longer than `ms`
 */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new TransientError(`Firestore, ${what}: no response in ${ms} ms`)),
    ms,
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
