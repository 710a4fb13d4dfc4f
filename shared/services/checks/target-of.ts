import type { ServiceConfig } from '../../contracts/config.ts';
import type { RevisionName, RunId } from '../../domain/ids.ts';
import { mostServed, type ServiceState, servingSplit } from '../../domain/service-state.ts';
import { planReach } from '../../domain/traffic/plan-reach.ts';
import type { CheckTarget } from '../../ports/check-runner.ts';

/** The target of checks for one revision; undefined: no URL leads to it alone. */
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
    forwardedHost: reach.kind === 'tag-url' ? config.health.host : undefined,
    edges: reach.kind === 'service-url' ? config.urls : [],
  };
}

/** The target of checks for the service as its users reach it, whichever revision responds; undefined: none serves. */
export function serviceTargetOf(
  service: ServiceState,
  runId: RunId,
  config: ServiceConfig,
): CheckTarget | undefined {
  const revision = mostServed(servingSplit(service));
  if (revision === undefined) return undefined;
  const { authenticate } = config.health;
  const { uri } = service;
  return { runId, revision, url: trimSlash(uri), authenticate, audience: uri, edges: [] };
}

function trimSlash(url: string): string {
  return url.replace(/\/$/, '');
}
