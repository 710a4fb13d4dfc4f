import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { type RunRecord, services } from '../../contracts/records.ts';
import type { ProbeOutcome } from '../../domain/health/probe-outcome.ts';
import { discountRefusal, refusalOf } from '../../domain/health/tag-refusal.ts';
import { serviceKeyOf } from '../../domain/ids.ts';
import type { TagRefusal } from '../../domain/records/service-record.ts';
import type { ServiceState } from '../../domain/service-state.ts';
import { trafficTags } from '../../domain/traffic/traffic-tags.ts';
import type { Ports } from '../../ports/ports.ts';
import { KnownBuilds } from '../records/known-builds.ts';
import { askOnce, askRevision } from './ask-revision.ts';

/** How long the URL of a new tag is asked, and how many refusals in a row are one. */
const longestMs = 20_000;
const lookPauseMs = 1_000;
const refusalsInRow = 3;

/** @param outcome of a probe by a tag's URL */
export async function discountTagRefusal(
  outcome: ProbeOutcome,
  { ref }: ServiceState,
  { store }: Pick<Ports, 'store'>,
): Promise<ProbeOutcome> {
  if (!refusalOf(outcome)) return outcome;
  const known = await store.get(documentIn(services, serviceKeyOf(ref)));
  return discountRefusal(outcome, known?.data.tagRefusal);
}

/** Whether a tag's URL is of use: known before there is a failure to compare with. */
export type TagUse =
  | { readonly kind: 'answers' }
  | { readonly kind: 'refused'; readonly refusal: TagRefusal }
  | { readonly kind: 'unknown' };

/** Asks a revision that has just been verified by its standing tag: an application may accept its users' hosts only. */
export async function tryTag(
  { ref, candidate: { revision } }: Pick<RunRecord, 'ref' | 'candidate'>,
  config: ServiceConfig,
  ports: Pick<Ports, 'run' | 'prober' | 'sockets' | 'clock' | 'store'>,
): Promise<TagUse> {
  const tag = trafficTags(ref.service).standing;
  // Whose build answers is no matter of hosts.
  const askedFor = { builds: new KnownBuilds(ref, ports.store), conditions: 'left-out' } as const;
  const { clock } = ports;
  const endMs = clock.monotonicMs() + longestMs;
  for (let refusals = 0; clock.monotonicMs() < endMs; await clock.sleep(lookPauseMs)) {
    const service = await ports.run.getService(ref);
    const url = service?.serving.find((target) => target.tag === tag && target.revision === revision)?.uri;
    if (!service || url === undefined) continue;
    const { outcome, speaker } = await askRevision(revision, url, service, config, ports, askedFor);
    if (speaker === 'another') continue;
    if (outcome.kind === 'good') return { kind: 'answers' };
    const refusal = refusalOf(outcome);
    refusals = refusal ? refusals + 1 : 0;
    if (!refusal || refusals < refusalsInRow) continue;
    // What its users get at the same time is what it is compared with.
    const byUsers = await askOnce([revision], service.uri, service, config, ports, askedFor);
    const isHosts = byUsers.outcome.kind === 'good' && byUsers.speaker !== 'another';
    if (!isHosts) return { kind: 'unknown' };
    return { kind: 'refused', refusal: { ...refusal, revision, at: clock.now() } };
  }
  return { kind: 'unknown' };
}
