import type { ServiceConfig } from '../../contracts/config.ts';
import { furtherUrlsOf } from '../../contracts/reach/further-urls.ts';
import type { RevisionName, RunId } from '../../domain/ids.ts';
import { mostServed, type ServiceState, servingSplit } from '../../domain/service-state.ts';
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
    edges: reach.kind === 'service-url' ? furtherUrlsOf(config) : [],
  };
}

/** How checks get to the service as its users do, whichever of its revisions answers; undefined: none serves. */
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
