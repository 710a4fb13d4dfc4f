import { webContainer } from '../../infra/local/containers/web-container.ts';
import { durationMs } from '../../shared/contracts/duration.ts';
import type { RunReport } from '../../shared/services/query-reports.ts';
import type { FunctionsStack } from '../stack/functions/functions-stack.ts';
import { type RunTimes, scheduledOf, timesOf } from './run-times.ts';

/** As in `npm run bench` for one process, so that the figures can be compared. */
export const functionsConfig = { health: { interval: '200ms', successes: 3, failureThreshold: 3 } };

export interface FunctionsMeasure extends RunTimes {
  readonly report: RunReport;
  /** The pauses between probes before the decision, in ms. */
  readonly scheduledMs: number;
}

/** A deploy that answers 503, from the moment that Cloud Build publishes its message to the end of its run. */
export async function measureRollback(
  stack: FunctionsStack,
  service: string,
  interval = functionsConfig.health.interval,
): Promise<FunctionsMeasure> {
  const { runId } = await stack.build(service, webContainer({ HEALTH: '503' }));
  const publishedAt = new Date(stack.newestMessage().publishTime);
  await stack.closed(runId);
  const report = await stack.report(runId);
  return {
    report,
    ...timesOf(report, publishedAt),
    scheduledMs: scheduledOf(report, durationMs(interval)).health,
  };
}
