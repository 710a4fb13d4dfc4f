import type { EffectRecord } from '../../shared/contracts/records.ts';
import type { Stage } from '../../shared/domain/stages.ts';
import type { RunReport } from '../../shared/services/query-reports.ts';

/** Milliseconds since the build's message arrived. */
export interface RunTimes {
  readonly decidedMs: number;
  /** Traffic is back, and was read back. Undefined: nothing was rolled back. */
  readonly restoredMs: number | undefined;
  readonly verifiedMs: number | undefined;
  /** Cloud Run has taken the candidate's traffic. Undefined: nothing was promoted. */
  readonly promotedMs: number | undefined;
  /** The first look of the watch: the service was read back, and the candidate asked. Undefined: there was none. */
  readonly watchedMs: number | undefined;
}

/** @throws {Error} the health stage was not decided */
export function timesOf({ decisions, effects, health }: RunReport, arrivedAt: Date): RunTimes {
  const since = (at: Date | undefined) => at && at.getTime() - arrivedAt.getTime();
  const decidedMs = since(decisions.find(({ stage }) => stage === 'health')?.at);
  if (decidedMs === undefined) throw new Error('the health stage was not decided');
  const doneAt = (wanted: EffectRecord['kind']) =>
    effects.find(({ kind, state }) => kind === wanted && state === 'done')?.endedAt;
  return {
    decidedMs,
    restoredMs: since(doneAt('rollback')),
    verifiedMs: since(decisions.find(({ stage }) => stage === 'reverify')?.at),
    promotedMs: since(doneAt('promote')),
    watchedMs: since(health.find(({ stage }) => stage === 'watch')?.at),
  };
}

/** What the pauses between the probes of each stage take, in ms. */
export function scheduledOf(
  { health }: RunReport,
  intervalMs: number,
): Record<'health' | 'reverify', number> {
  const pauses = (stage: Stage) => Math.max(0, health.filter((fact) => fact.stage === stage).length - 1);
  return { health: pauses('health') * intervalMs, reverify: pauses('reverify') * intervalMs };
}
