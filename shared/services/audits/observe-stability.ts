import type { ServiceConfig } from '../../contracts/config.ts';
import { durationMs } from '../../contracts/duration.ts';
import type { RunRecord } from '../../contracts/records.ts';
import { countIncidents, type Incidents, type Span } from '../../domain/audits/count-incidents.ts';
import {
  measureAnswers,
  measureStable,
  type StabilityMeasures,
} from '../../domain/audits/measure-stability.ts';
import { DeployLoopError } from '../../domain/errors.ts';
import type { HealthFact } from '../../domain/health/health-fact.ts';
import type { RunId } from '../../domain/ids.ts';
import { type Stage, stepStage } from '../../domain/stages.ts';
import type { LogPart } from '../../ports/logs.ts';
import type { Ports } from '../../ports/ports.ts';
import { loadHealthFacts } from '../health/load-health-facts.ts';

/** The log of a revision is read from before it was made: its first lines show that the log is there at all. */
const beforeMs = 60_000;
const longestMs = 24 * 3_600_000;

export interface Observed {
  /** Undefined: the revision was never watched. */
  readonly measures: StabilityMeasures | undefined;
  /** What is known of stable in the same windows. */
  readonly stable: Pick<StabilityMeasures, 'requests'>;
}

/** What was seen of a run's revision while it had users, and what its logs say of that time. */
export async function observeStability(
  runId: RunId,
  run: RunRecord,
  config: ServiceConfig,
  ports: Ports,
): Promise<Observed> {
  const perStage = await Promise.all(
    soaksOf(config).map((stage) => loadHealthFacts(ports.store, runId, stage)),
  );
  const facts = perStage.flat();
  const stable = measureStable(facts);
  if (facts.length === 0) return { measures: undefined, stable };
  const incidents = await incidentsOf(run, facts, config, ports);
  return { measures: { ...measureAnswers(facts), ...(incidents && { incidents }) }, stable };
}

/** In the order of time. */
function soaksOf({ mode, steps }: ServiceConfig): readonly Stage[] {
  return [...(mode === 'canary' ? steps.map((_step, n) => stepStage(n + 1)) : []), 'watch'];
}

/** Undefined: the logs cannot be read, or not yet. */
async function incidentsOf(
  { ref, candidate }: RunRecord,
  facts: readonly HealthFact[],
  { requestLog }: ServiceConfig,
  { logs, clock, log }: Ports,
): Promise<Incidents | undefined> {
  const arrived = clock.now().getTime() - durationMs(requestLog.lag);
  const span = spanOf(facts, arrived);
  if (span === undefined) return undefined;
  const { to } = span;
  const from = new Date(Math.max(candidate.createTime.getTime() - beforeMs, to.getTime() - longestMs));
  const read = (part: LogPart) => logs.listEntries({ ref, revision: candidate.revision, from, to }, part);
  try {
    return countIncidents(span, await read('platform'), await read('output'));
  } catch (error) {
    if (!(error instanceof DeployLoopError)) throw error;
    log.warn({ revision: candidate.revision, code: 'audit' }, `its logs cannot be read: ${error.message}`);
    return undefined;
  }
}

/** Between the first look and the last; entries that are younger than `arrivedMs` may still be on their way. */
function spanOf(facts: readonly HealthFact[], arrivedMs: number): Span | undefined {
  const [first, last] = [facts.at(0), facts.at(-1)];
  if (!first || !last) return undefined;
  const to = Math.min(last.at.getTime(), arrivedMs);
  return to > first.at.getTime() ? { from: first.at, to: new Date(to) } : undefined;
}
