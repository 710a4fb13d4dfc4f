import { documentIn } from '../../shared/contracts/document.ts';
import { services } from '../../shared/contracts/records.ts';
import type { Deployed } from '../stack/functions/functions-stack.ts';
import type { ChaosStack } from './chaos-stack.ts';
import type { KillPoint } from './kill-point.ts';

/** The service whose run loses a process at the point: each point has its own. */
export function serviceOf(points: readonly KillPoint[], point: KillPoint): string {
  return `web-${points.indexOf(point)}`;
}

/**
 * Plays one run for each point, function by function. Those of route-traffic come first, since what they leave behind
 * takes longest to fix. Most of a run happens in begin-validation: there each run ends before another loses its process.
 *
 * @returns what was deployed, in the order of the points
 */
export async function killAtEach(
  chaos: ChaosStack,
  points: readonly KillPoint[],
): Promise<readonly Deployed[]> {
  const deployed = new Map<KillPoint, Deployed>();
  const play = async (lane: readonly KillPoint[]) => {
    for (const point of lane) {
      const one = await chaos.deployAndKill(serviceOf(points, point), point);
      deployed.set(point, one);
      if (point.function === 'begin-validation') await chaos.stack.closed(one.runId);
    }
  };
  const lanes = Map.groupBy(points, (point) => point.function);
  await play(lanes.get('route-traffic') ?? []);
  lanes.delete('route-traffic');
  for (const lane of lanes.values()) await play(lane);
  return points.flatMap((point) => deployed.get(point) ?? []);
}

/** The same one after the other: where nothing is delivered again, a death must not cost another run its message. */
export async function killOneByOne(
  chaos: ChaosStack,
  points: readonly KillPoint[],
): Promise<readonly Deployed[]> {
  const deployed: Deployed[] = [];
  for (const point of points) deployed.push(await chaos.deployAndKill(serviceOf(points, point), point));
  return deployed;
}

/** How a run ended, and what it did to the service's traffic. */
export async function endOf({ stack }: ChaosStack, { ref, runId, revision }: Deployed) {
  const { run, trafficChanges } = await stack.report(runId);
  const { generation } = await stack.state(ref.service);
  const serving = await stack.serving(ref.service);
  const { state, verdict, outcome, stable } = run;
  const known = await stack.pipeline.ports.store.get(documentIn(services, run.serviceKey));
  return {
    state,
    verdict,
    outcome: outcome?.code,
    acceptedChanges: trafficChanges.filter((change) => change.outcome === 'accepted').length,
    /** Counts every change of the service's spec, the deploys too. */
    generation,
    candidateServes: serving[revision] === 100,
    recordedGood: known?.data.lastGood.some((good) => good.revision === revision),
    stableServes: stable !== undefined && stable !== revision && serving[stable] === 100,
  };
}
