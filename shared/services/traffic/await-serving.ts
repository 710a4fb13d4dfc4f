import type { ServiceRef } from '../../domain/ids.ts';
import { sameSplit, servingSplit, specSplit, type TrafficTarget } from '../../domain/service-state.ts';
import type { Ports } from '../../ports/ports.ts';

const firstPollMs = 100;
/** A change takes seconds, and the caller should know soon. */
const slowestPollMs = 500;
const patienceMs = 60_000;

/**
 * An accepted write is not yet in effect: waits until Cloud Run reports that it serves `traffic`. False: not within a
 * minute.
 */
export async function awaitServing(
  ref: ServiceRef,
  traffic: readonly TrafficTarget[],
  { run, clock }: Pick<Ports, 'run' | 'clock'>,
): Promise<boolean> {
  const startedMs = clock.monotonicMs();
  for (let pollMs = firstPollMs; ; pollMs = Math.min(slowestPollMs, pollMs * 1.5)) {
    const service = await run.getService(ref);
    if (
      service &&
      !service.reconciling &&
      sameSplit(servingSplit(service), specSplit(traffic, service.latestReadyRevision))
    )
      return true;
    if (clock.monotonicMs() - startedMs > patienceMs) return false;
    await clock.sleep(pollMs);
  }
}
