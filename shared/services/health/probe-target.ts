import type { ServiceConfig } from '../../contracts/config.ts';
import type { RevisionName } from '../../domain/ids.ts';
import type { ServiceState } from '../../domain/service-state.ts';
import { planReach } from '../../domain/traffic/plan-reach.ts';
import type { Reason } from '../../domain/verdict.ts';
import type { Ports } from '../../ports/ports.ts';
import { probeHealth } from './probe-health.ts';

/** A target may sleep at zero instances: its first answers may be a cold start's. */
const maxProbes = 3;
const pauseMs = 1_000;

/** Asks a rollback target, before it gets traffic, whether it answers. @returns why not; undefined: it does */
export async function probeTarget(
  service: ServiceState,
  target: RevisionName,
  config: ServiceConfig,
  ports: Pick<Ports, 'prober' | 'sockets' | 'clock'>,
): Promise<Reason | undefined> {
  const reach = planReach(service, target);
  if (reach.kind === 'none' || reach.kind === 'pending') {
    return {
      code: 'target-unreachable',
      text: `no URL reaches ${target}, so it cannot be probed before it gets traffic`,
    };
  }
  for (let n = 1; ; n++) {
    const { outcome } = await probeHealth(reach.url, service.uri, config, ports);
    if (outcome.kind === 'good') return undefined;
    if (n === maxProbes)
      return { code: 'target-failing', text: `${target} fails its own probe: ${outcome.detail}` };
    await ports.clock.sleep(pauseMs);
  }
}
