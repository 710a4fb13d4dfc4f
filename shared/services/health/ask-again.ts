import type { ServiceConfig } from '../../contracts/config.ts';
import { durationMs } from '../../contracts/duration.ts';
import { hasTagUrls } from '../../contracts/reach/further-urls.ts';
import { isOldAnswer } from '../../domain/health/propagation.ts';
import type { RevisionName } from '../../domain/ids.ts';
import { type ServiceState, servingSplit, shareIn, shareOf } from '../../domain/service-state.ts';
import { planReach } from '../../domain/traffic/plan-reach.ts';
import { type Reason, reason } from '../../domain/verdict.ts';
import type { Ports } from '../../ports/ports.ts';
import { KnownBuilds } from '../records/known-builds.ts';
import { askRevision } from './ask-revision.ts';
import { discountTagRefusal } from './tag-refusals.ts';

type Probes = Pick<Ports, 'prober' | 'sockets' | 'clock' | 'store'>;

/** A revision may be scaled to zero: its first responses may include a cold start. */
const maxProbes = 3;
const pauseMs = 1_000;
/** While a good response cannot count; several deliveries may wait for the end of that at once. */
const oldPauseMs = 2_000;

/**
 * Probes a revision right before it gets more traffic.
 * @returns why it must not get traffic; undefined: it may, or it has users already and no URL of its own
 */
export async function refuseUnfit(
  role: 'target' | 'candidate',
  service: ServiceState,
  revision: RevisionName,
  config: ServiceConfig,
  ports: Probes,
): Promise<Reason | undefined> {
  const reach = planReach(service, revision, hasTagUrls(config));
  if (reach.kind === 'none' || reach.kind === 'pending') {
    // A target has been good for its users, and no URL can tell more of it.
    if (shareIn(service, revision) > 0 || (role === 'target' && !hasTagUrls(config))) return undefined;
    const text = `no URL reaches ${revision}, so it cannot be probed before it gets traffic`;
    return reason(`${role}-unreachable`, text);
  }
  // What build it says it is of keeps no revision that was found good from its traffic.
  const askedFor = { builds: new KnownBuilds(service.ref, ports.store), conditions: 'left-out' } as const;
  const startedMs = ports.clock.monotonicMs();
  for (let failures = 0; ; ) {
    const asked = await askRevision(revision, reach.url, service, config, ports, askedFor);
    const { speaker, named } = asked;
    const outcome =
      reach.kind === 'tag-url' ? await discountTagRefusal(asked.outcome, service, ports) : asked.outcome;
    if (speaker === 'another') {
      // The URL led to another revision until now, or is not the revision's own.
      if (ports.clock.monotonicMs() - startedMs >= durationMs(config.propagation))
        return reason(`${role}-unreachable`, `${named} answers in place of ${revision}`);
    } else if (outcome.kind === 'good') {
      return undefined;
    } else if (outcome !== asked.outcome) {
      // A target has been good for its users, which no tag can tell of it.
      return role === 'target' ? undefined : reason('candidate-unreachable', outcome.detail);
    } else if (++failures === maxProbes) {
      return reason(`${role}-failing`, `${revision} fails its own probe: ${outcome.detail}`);
    }
    await ports.clock.sleep(pauseMs);
  }
}

/** Probes a failed revision once more. @param times how many consecutive good responses count as a recovery */
export async function hasRecovered(
  service: ServiceState,
  revision: RevisionName,
  times: number,
  config: ServiceConfig,
  ports: Probes,
): Promise<boolean> {
  const way = wayTo(service, revision, config);
  if (!way) return false;
  const { url, since } = way;
  const { clock } = ports;
  const askedFor = { builds: new KnownBuilds(service.ref, ports.store), conditions: 'where-known' } as const;
  const startedMs = clock.monotonicMs();
  const propagationMs = durationMs(config.propagation);
  for (let good = 0; ; ) {
    const { answer, outcome, speaker } = await askRevision(revision, url, service, config, ports, askedFor);
    const elapsedMs = clock.monotonicMs() - startedMs;
    if (speaker === 'another' && elapsedMs >= propagationMs) return false;
    if (speaker !== 'another' && outcome.kind !== 'good') return false;
    // If routes have just changed, a good response may come from another revision, which need not identify itself.
    const old = since && isOldAnswer(answer, since, propagationMs, elapsedMs, clock.now());
    if (speaker === 'asked' || (speaker === 'unsaid' && !old)) good++;
    if (good >= times) return true;
    await clock.sleep(old ? oldPauseMs : pauseMs);
  }
}

/** The URL of a revision: while Cloud Run is reconciling, that of the service if the revision has all the traffic. */
function wayTo(
  service: ServiceState,
  revision: RevisionName,
  config: ServiceConfig,
): { readonly url: string; readonly since?: Date | undefined } | undefined {
  const reach = planReach(service, revision, hasTagUrls(config));
  if (reach.kind !== 'none' && reach.kind !== 'pending') return reach;
  if (shareOf(servingSplit(service), revision) < 100) return undefined;
  return { url: service.uri, since: service.routesChangedAt };
}
