import { describeError } from '../domain/errors.ts';
import type { Ports } from '../ports/ports.ts';

/** How long a command waits for GitHub or a webhook, each time. */
const patienceMs = 15_000;

/**
 * Waits for a notice to be told, but not for long, and never fails: what is not told stays on record as open, and the
 * verdict does not depend on it.
 */
export async function tellInTime(
  work: Promise<void>,
  { clock, log }: Pick<Ports, 'clock' | 'log'>,
): Promise<void> {
  const told = new AbortController();
  const settled = work.catch((error: unknown) =>
    log.warn({ hop: 'notify', code: 'notice' }, `not told: ${describeError(error)}`),
  );
  const late = clock.sleep(patienceMs, told.signal).catch(() => {});
  await Promise.race([settled.finally(() => told.abort()), late]);
}
