import type { ServiceConfig } from '../../contracts/config.ts';
import { durationMs } from '../../contracts/duration.ts';
import { isOldAnswer } from '../../domain/health/propagation.ts';
import type { RevisionName } from '../../domain/ids.ts';
import { type ServiceState, servingSplit, shareIn, shareOf } from '../../domain/service-state.ts';
import { planReach } from '../../domain/traffic/plan-reach.ts';
import { type Reason, reason } from '../../domain/verdict.ts';
import type { Ports } from '../../ports/ports.ts';
import { KnownBuilds } from '../records/known-builds.ts';
import { askRevision } from './ask-revision.ts';

type Probes = Pick<Ports, 'prober' | 'sockets' | 'clock' | 'store'>;

/** A revision may sleep at zero instances: its first answers may be a cold start's. */
const maxProbes = 3;
const pauseMs = 1_000;

/**
 * Asks a revision right before it gets more traffic whether it answers well.
 * @returns why it gets none; undefined: it does, or users have it already and it has no URL of its own
 */
export async function refuseUnfit(
  role: 'target' | 'candidate',
  service: ServiceState,
  revision: RevisionName,
  config: ServiceConfig,
  ports: Probes,
): Promise<Reason | undefined> {
  const reach = planReach(service, revision);
  if (reach.kind === 'none' || reach.kind === 'pending') {
    if (shareIn(service, revision) > 0) return undefined;
    const text = `no URL reaches ${revision}, so it cannot be probed before it gets traffic`;
    return reason(`${role}-unreachable`, text);
  }
  // What build it says it is of keeps no revision that was found good from its traffic.
  const askedFor = { builds: new KnownBuilds(service.ref, ports.store), conditions: 'left-out' } as const;
  const startedMs = ports.clock.monotonicMs();
  for (let failures = 0; ; ) {
    const { outcome, speaker, named } = await askRevision(
      revision,
      reach.url,
      service,
      config,
      ports,
      askedFor,
    );
    if (speaker === 'another') {
      // Its URL was another's until just now, or is not its own.
      if (ports.clock.monotonicMs() - startedMs >= durationMs(config.propagation))
        return reason(`${role}-unreachable`, `${named} answers in place of ${revision}`);
    } else if (outcome.kind === 'good') {
      return undefined;
    } else if (++failures === maxProbes) {
      return reason(`${role}-failing`, `${revision} fails its own probe: ${outcome.detail}`);
    }
    await ports.clock.sleep(pauseMs);
  }
}

/** Asks a revision that failed once more. @param times how many good answers in a row mean that it has recovered */
export async function hasRecovered(
  service: ServiceState,
  revision: RevisionName,
  times: number,
  config: ServiceConfig,
  ports: Probes,
): Promise<boolean> {
  const way = wayTo(service, revision);
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
    // Where routes have just changed, a good answer may be another revision's, which does not always say so.
    const old = since && isOldAnswer(answer, since, propagationMs, elapsedMs, clock.now());
    if (speaker === 'asked' || (speaker === 'unsaid' && !old)) good++;
    if (good >= times) return true;
    await clock.sleep(pauseMs);
  }
}

/** Where a revision can be asked: while Cloud Run moves something, by the service's URL, if it has all the traffic. */
function wayTo(
  service: ServiceState,
  revision: RevisionName,
): { readonly url: string; readonly since?: Date | undefined } | undefined {
  const reach = planReach(service, revision);
  if (reach.kind !== 'none' && reach.kind !== 'pending') return reach;
  if (shareOf(servingSplit(service), revision) < 100) return undefined;
  return { url: service.uri, since: service.routesChangedAt };
}
