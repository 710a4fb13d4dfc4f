import type { ServiceConfig } from '../../contracts/config.ts';
import { type KnownBuild, needsBuild } from '../../contracts/expectations/build-variables.ts';
import { furtherUrlsOf, hasTagUrls, usersWay } from '../../contracts/reach/further-urls.ts';
import type { RevisionName, RunId } from '../../domain/ids.ts';
import { mostServed, type ServiceState, servingSplit } from '../../domain/service-state.ts';
import { planReach } from '../../domain/traffic/plan-reach.ts';
import type { CheckTarget } from '../../ports/check-runner.ts';
import type { KnownBuilds } from '../records/known-builds.ts';

/** The target of checks for one revision; undefined: no URL leads to it alone. @param build that the revision came from */
export function targetOf(
  service: ServiceState,
  revision: RevisionName,
  runId: RunId,
  config: ServiceConfig,
  build: KnownBuild | undefined,
): CheckTarget | undefined {
  const reach = planReach(service, revision, hasTagUrls(config));
  if (reach.kind === 'none' || reach.kind === 'pending') return undefined;
  const way = usersWay(config);
  return {
    runId,
    revision,
    build,
    ...(way ?? { url: trimSlash(reach.url), authenticate: config.health.authenticate }),
    audience: service.uri,
    forwardedHost: reach.kind === 'tag-url' ? config.health.host : undefined,
    edges: reach.kind === 'service-url' && !way ? furtherUrlsOf(config) : [],
  };
}

/** The target of checks for the service as its users reach it, whichever revision responds; undefined: none serves. */
export async function serviceTargetOf(
  service: ServiceState,
  runId: RunId,
  config: ServiceConfig,
  builds: KnownBuilds,
): Promise<CheckTarget | undefined> {
  const revision = mostServed(servingSplit(service));
  if (revision === undefined) return undefined;
  const build = await buildFor(revision, config, builds);
  const { uri } = service;
  const way = usersWay(config) ?? { url: trimSlash(uri), authenticate: config.health.authenticate };
  return { runId, revision, build, ...way, audience: uri, edges: [] };
}

/** Whether suites have a use for builds: they may have thousands of checks. */
const usingBuilds = new WeakMap<ServiceConfig['suites'], boolean>();

/** The build that a revision came from, where a suite has a use for it. */
export async function buildFor(
  revision: RevisionName,
  { suites }: ServiceConfig,
  builds: KnownBuilds,
): Promise<KnownBuild | undefined> {
  const isUsed =
    usingBuilds.get(suites) ?? suites.some((suite) => suite.kind === 'command' || needsBuild(suite.checks));
  usingBuilds.set(suites, isUsed);
  return isUsed ? builds.of(revision) : undefined;
}

function trimSlash(url: string): string {
  return url.replace(/\/$/, '');
}
