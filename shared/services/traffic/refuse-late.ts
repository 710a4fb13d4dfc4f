import { documentIn } from '../../contracts/document.ts';
import { type EffectRecord, services } from '../../contracts/records.ts';
import { isRunEffect } from '../../domain/records/effect.ts';
import type { ServiceState } from '../../domain/service-state.ts';
import { isAwaited } from '../../domain/stages.ts';
import type { TrafficPlan } from '../../domain/traffic/plan-traffic.ts';
import { refuseByRecord, refuseExpired } from '../../domain/traffic/refuse-shift.ts';
import { type Reason, reason } from '../../domain/verdict.ts';
import type { Ports } from '../../ports/ports.ts';
import { ageMsOf, type Stored } from '../../ports/store.ts';
import { withKnownPin } from '../records/known-pin.ts';
import { findConfig } from '../records/load-config.ts';
import { loadControls, whyFrozen, whyKilled } from '../records/load-controls.ts';
import { loadRunOf } from '../records/load-effect.ts';
import { whyPaused } from '../records/load-pause.ts';

/**
 * Refuses a write for what people have set by now: freeze, kill switch, pin, pause, abort, and the policy
 * and freeze windows of the current config. Read after all probes and plans, which take time.
 * @returns why the write is refused; undefined: it is allowed
 */
export async function refuseLate(
  effect: Stored<EffectRecord>,
  service: ServiceState,
  { gains, target }: Pick<Extract<TrafficPlan, { kind: 'write' }>, 'gains' | 'target'>,
  ports: Ports,
): Promise<Reason | undefined> {
  const { store } = ports;
  const { kind, serviceKey, ref, runId, request } = effect.data;
  const expired = refuseExpired(effect.data, ageMsOf(effect));
  if (expired) return expired;
  const [controls, known, config, bound] = await Promise.all([
    loadControls(serviceKey, runId, store),
    isAwaited(kind) ? store.get(documentIn(services, serviceKey)) : undefined,
    kind === 'rollback' || gains ? findConfig(ref, ports) : undefined,
    gains && isRunEffect(effect.data) ? loadRunOf(effect.data, ports) : undefined,
  ]);
  const { killSwitch, abort } = controls;
  // A freeze stops the guard's own writes; the kill switch stops everybody's.
  if (request) return killSwitch && reason('killed', whyKilled(killSwitch));
  // Checked before a freeze, which is temporary: a person who aborts a run does not want it repeated.
  if (abort && (gains || target !== undefined)) return reason('aborted', abort.reason);
  const frozen = whyFrozen(controls);
  if (frozen !== undefined) return reason('frozen', `automatic writes are frozen: ${frozen}`);
  if (runId === undefined || !isAwaited(kind)) return undefined;
  const now = known?.readTime ?? ports.clock.now();
  const pause = gains && whyPaused(controls.pause, [config, bound?.config], now);
  if (pause) return reason(pause.code, pause.text);
  const policy = (kind === 'rollback' && config?.rollback.policy) || 'auto';
  if (policy !== 'auto') return reason(`policy-${policy}`, `rollback.policy is now ${policy}`);
  return refuseByRecord(runId, service, withKnownPin(service, known?.data));
}
