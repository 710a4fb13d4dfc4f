import type { RunRecord } from '../../contracts/records.ts';
import type { EffectId } from '../../domain/ids.ts';
import type { RunEffect } from '../../domain/records/effect.ts';
import type { ServiceState } from '../../domain/service-state.ts';
import { decideAbort } from '../../domain/traffic/decide-rollback.ts';
import type { TrafficPlan } from '../../domain/traffic/plan-traffic.ts';
import { type Reason, reason } from '../../domain/verdict.ts';
import type { Ports } from '../../ports/ports.ts';
import { loadRunOf, loadShiftFacts } from '../records/load-effect.ts';
import type { EffectEnd } from './effect-end.ts';
import { writeTraffic } from './write-traffic.ts';

/**
 * Returns the share of a canary to the previous revisions, which ends its run. No revision is blamed, and none gains
 * traffic that it did not have before.
 * @param why why the canary cannot continue; absent: the run contains the reason
 */
export async function abortCanary(
  effectId: EffectId,
  effect: RunEffect,
  why: Reason | undefined,
  ports: Ports,
): Promise<EffectEnd> {
  const { run } = await loadRunOf(effect, ports);
  const plan = async (service: ServiceState): Promise<TrafficPlan> => {
    const plan = decideAbort(await loadShiftFacts(service, effect, run, ports));
    if (plan.kind === 'refused') return { kind: 'skip', reason: plan.reason };
    return { kind: 'write', traffic: plan.traffic, why: why?.text ?? plan.why };
  };
  const result = await writeTraffic(effectId, plan, ports);
  return result.kind === 'written' ? endAborted(run, why ?? run.reasons[0]) : { ...result, closes: why };
}

/** Ends the run of a canary whose share was returned, for the reason `why`. */
export function endAborted({ candidate }: RunRecord, why: Reason | undefined): EffectEnd {
  const text = `the traffic of ${candidate.revision} is back on the previous revisions`;
  return { state: 'done', outcome: reason('aborted', text), closes: why ?? reason('aborted', text) };
}
