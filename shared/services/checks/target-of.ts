import type { ServiceConfig } from '../../contracts/config.ts';
import type { RevisionName, RunId } from '../../domain/ids.ts';
import type { ServiceState } from '../../domain/service-state.ts';
import { planReach } from '../../domain/traffic/plan-reach.ts';
import type { CheckTarget } from '../../ports/check-runner.ts';

/** How checks get to one revision; undefined: no URL leads to it alone. */
export function targetOf(
  service: ServiceState,
  revision: RevisionName,
  runId: RunId,
  config: ServiceConfig,
): CheckTarget | undefined {
  const reach = planReach(service, revision);
  if (reach.kind === 'none' || reach.kind === 'pending') return undefined;
  return {
    runId,
    revision,
    url: trimSlash(reach.url),
    authenticate: config.health.authenticate,
    audience: service.uri,
    edges: reach.kind === 'service-url' ? config.urls : [],
  };
}

function trimSlash(url: string): string {
  return url.replace(/\/$/, '');
}
