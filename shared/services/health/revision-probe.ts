import type { ServiceConfig } from '../../contracts/config.ts';
import { durationMs } from '../../contracts/duration.ts';
import type { BuildConditions } from '../../contracts/expectations/health-question.ts';
import { tagReadyMs } from '../../contracts/policies.ts';
import { hasTagUrls } from '../../contracts/reach/further-urls.ts';
import { assertNever } from '../../domain/assert-never.ts';
import { isPlatformNotFound } from '../../domain/health/classify-response.ts';
import type { ProbeOutcome } from '../../domain/health/probe-outcome.ts';
import { isOldAnswer, propagationLeftMs } from '../../domain/health/propagation.ts';
import type { RevisionName } from '../../domain/ids.ts';
import { type ServiceState, shareIn } from '../../domain/service-state.ts';
import { planReach, type Reach } from '../../domain/traffic/plan-reach.ts';
import type { Ports } from '../../ports/ports.ts';
import { KnownBuilds } from '../records/known-builds.ts';
import { askFurtherUrls } from './ask-health.ts';
import { askOnce, askRevision, questionTo } from './ask-revision.ts';
import { RouteMemory } from './route-memory.ts';
import { discountTagRefusal } from './tag-refusals.ts';

/** The pause between two attempts to reach a revision. */
export const reachPollMs = 1_000;

/** The result of probing a revision: an outcome, or the time of the next attempt. */
export type Asked =
  | { readonly kind: 'outcome'; readonly outcome: ProbeOutcome; readonly counts: boolean }
  | { readonly kind: 'later'; readonly afterMs: number }
  /** It has no URL of its own: a tag is missing. */
  | { readonly kind: 'unreachable' };

/** Probes revisions at the URLs that lead to them, and verifies which revision responded. */
export class RevisionProbe {
  readonly #config: ServiceConfig;
  readonly #ports: Pick<Ports, 'prober' | 'sockets' | 'clock' | 'store'>;
  readonly #memory: RouteMemory;
  readonly #builds: KnownBuilds;
  /** When the wait for each URL or revision began. */
  readonly #waiting = new Map<string, number>();

  constructor(config: ServiceConfig, ports: Pick<Ports, 'prober' | 'sockets' | 'clock' | 'store'>) {
    this.#config = config;
    this.#ports = ports;
    this.#memory = new RouteMemory(ports.clock);
    const { project, region, service } = config;
    this.#builds = new KnownBuilds({ project, region, service }, ports.store);
  }

  /** Call at each look, so that changes of routes are noticed. */
  note(service: ServiceState): void {
    this.#memory.note(service);
  }

  /** Starts or continues a wait. True: a minute is over, so it will not appear. */
  isLate(what: string): boolean {
    const nowMs = this.#ports.clock.monotonicMs();
    const sinceMs = this.#waiting.get(what) ?? nowMs;
    this.#waiting.set(what, sinceMs);
    return nowMs - sinceMs > tagReadyMs;
  }

  /** Ends a wait: it has appeared. */
  arrived(what: string): void {
    this.#waiting.delete(what);
  }

  /** @param readyAt when the revision became ready: LATEST moves to it then */
  async ask(
    service: ServiceState,
    revision: RevisionName,
    conditions: BuildConditions,
    readyAt?: Date | undefined,
  ): Promise<Asked> {
    const reach = planReach(service, revision, hasTagUrls(this.#config));
    const asked = await this.#askAt(reach, service, revision, conditions, readyAt);
    if (asked.kind === 'outcome' || reach.kind === 'service-url') return asked;
    return (await this.#askShared(service, revision, conditions)) ?? asked;
  }

  async #askAt(
    reach: Reach,
    service: ServiceState,
    revision: RevisionName,
    conditions: BuildConditions,
    readyAt: Date | undefined,
  ): Promise<Asked> {
    switch (reach.kind) {
      case 'none':
        return { kind: 'unreachable' };
      case 'pending':
        return this.isLate(revision) ? { kind: 'unreachable' } : { kind: 'later', afterMs: reachPollMs };
      case 'tag-url':
        this.arrived(revision);
        return this.#askUrl(service, revision, reach.url, reach.since, conditions);
      case 'service-url':
        this.arrived(revision);
        return this.#askUrl(service, revision, reach.url, latest(reach.since, readyAt), conditions);
      default:
        return assertNever(reach);
    }
  }

  /** Probes the service as its users reach it, whichever serving revision responds. */
  askService(service: ServiceState, conditions: BuildConditions): Promise<Asked> {
    return this.#askUrl(service, undefined, service.uri, service.routesChangedAt, conditions);
  }

  /** The worst response of the further URLs; undefined: there are none. */
  async probeEdge(service: ServiceState, revision: RevisionName): Promise<ProbeOutcome | undefined> {
    if (this.#config.urls.length === 0) return undefined;
    const question = await questionTo([revision], this.#config, this.#askedFor('judged'));
    if ('kind' in question) return question;
    return (await askFurtherUrls(service.uri, this.#config, question, this.#ports.prober)).outcome;
  }

  /**
   * Probes a revision without a URL of its own by that of the service, if it has traffic and responses identify it.
   * @returns undefined: it did not respond there
   */
  async #askShared(
    service: ServiceState,
    revision: RevisionName,
    conditions: BuildConditions,
  ): Promise<Asked | undefined> {
    if (!this.#config.health.revision || shareIn(service, revision) === 0) return undefined;
    const { outcome, speaker } = await askRevision(
      revision,
      service.uri,
      service,
      this.#config,
      this.#ports,
      this.#askedFor(conditions),
    );
    if (speaker !== 'asked') return undefined;
    this.arrived(revision);
    return { kind: 'outcome', outcome, counts: true };
  }

  /**
   * A response that names its revision counts at once, or never; one that does not counts once no other revision can
   * respond.
   * @param revision absent: any serving revision
   * @param since when the URL may have begun to lead to the revision; absent: it never led to another
   */
  async #askUrl(
    service: ServiceState,
    revision: RevisionName | undefined,
    url: string,
    since: Date | undefined,
    conditions: BuildConditions,
  ): Promise<Asked> {
    const { clock } = this.#ports;
    const propagationMs = since ? durationMs(this.#config.propagation) : 0;
    const seenForMs = this.#memory.seenForMs(url);
    const leftMs = since ? propagationLeftMs(since, propagationMs, seenForMs, clock.now()) : 0;
    if (leftMs > 0 && !this.#config.health.revision) return { kind: 'later', afterMs: leftMs };
    const askedFor = this.#askedFor(conditions);
    const { answer, outcome, speaker, named, talked } = await (revision === undefined
      ? askOnce(serversOf(service), url, service, this.#config, this.#ports, askedFor)
      : askRevision(revision, url, service, this.#config, this.#ports, askedFor));
    if (speaker === 'another') return this.#awaitOwn(url, named, leftMs);
    this.arrived(ownAnswerAt(url));
    // Further URLs, which are probed after a good response, may lead elsewhere until then.
    const edges = revision !== undefined && url === service.uri && this.#config.urls.length > 0;
    if (speaker === 'asked' && !(edges && leftMs > 0 && outcome.kind === 'good')) {
      this.arrived(url);
      return { kind: 'outcome', outcome, counts: true };
    }
    if (leftMs > 0) {
      const mayBeNamed = speaker === 'unsaid' && !talked;
      return { kind: 'later', afterMs: mayBeNamed ? Math.min(leftMs, reachPollMs) : leftMs };
    }
    const byTag = url !== service.uri;
    const missing = byTag && isPlatformNotFound(answer);
    if (missing && !this.isLate(url)) return { kind: 'later', afterMs: reachPollMs };
    if (!missing) this.arrived(url);
    const told = byTag ? await discountTagRefusal(outcome, service, this.#ports) : outcome;
    const old = since !== undefined && isOldAnswer(answer, since, propagationMs, seenForMs, clock.now());
    return { kind: 'outcome', outcome: told, counts: !old };
  }

  /** A response of another revision says nothing about the probed one. */
  #awaitOwn(url: string, named: string | undefined, leftMs: number): Asked {
    if (leftMs > 0 || !this.isLate(ownAnswerAt(url))) return { kind: 'later', afterMs: reachPollMs };
    const detail = `${named} has answered in its place for a minute`;
    return { kind: 'outcome', outcome: { kind: 'unknown', cause: 'unreachable', detail }, counts: true };
  }

  #askedFor(conditions: BuildConditions) {
    return { builds: this.#builds, conditions };
  }
}

function ownAnswerAt(url: string): string {
  return `own answer at ${url}`;
}

function serversOf(service: ServiceState): readonly RevisionName[] {
  return service.serving.filter(({ percent }) => percent > 0).map(({ revision }) => revision);
}

function latest(a: Date, b: Date | undefined): Date {
  return b !== undefined && b > a ? b : a;
}
