import { WriteConflictError } from '../domain/errors.ts';

/**
 * Reads, plans and writes again until no other writer interferes.
 * @param attempt reads again each time
 * @throws {WriteConflictError} of the last of `maxTries` attempts
 */
export async function retryOnConflict<T>(maxTries: number, attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof WriteConflictError) || tries >= maxTries) throw error;
    }
  }
}
