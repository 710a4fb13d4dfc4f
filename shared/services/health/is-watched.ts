import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { durationMs } from '../../contracts/duration.ts';
import { tickPauseMs } from '../../contracts/policies.ts';
import { type HealthFactRecord, pauseOf, type RunRecord, runs } from '../../contracts/records.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Ports } from '../../ports/ports.ts';
import { loadControl } from '../records/load-controls.ts';
import { loadHealthFacts } from './load-health-facts.ts';

/** The pause between two looks at a revision that a pause keeps from gaining traffic. */
export const pausedTickMs = 60_000;
/** The longest wait for the next look, so that a message ends in time. */
const longestDoubtMs = 120_000;

/**
 * True: another process is working on the run, and a second one would only repeat its probes. The latest look may seem
 * old only because of this machine's clock, so the check waits one tick for another look.
 * @param facts the facts of the run's stage so far
 */
export async function isWatched(
  runId: RunId,
  run: RunRecord,
  facts: readonly HealthFactRecord[],
  config: ServiceConfig,
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
): Promise<boolean> {
  const last = facts.at(-1);
  if (!last) return false;
  const paused = await loadControl(pauseOf(run.serviceKey), store);
  const pauseMs = paused ? pausedTickMs : tickPauseMs(config, run.stage, run.reasons);
  const tickMs = pauseMs + 2 * durationMs(config.health.timeout);
  if (Math.abs(clock.now().getTime() - last.at.getTime()) < 2 * tickMs) return true;
  await clock.sleep(Math.min(tickMs, longestDoubtMs));
  const later = await loadHealthFacts(store, runId, run.stage);
  const now = await store.get(documentIn(runs, runId));
  return later.length > facts.length || now?.data.stage !== run.stage || now.data.state === 'closed';
}
