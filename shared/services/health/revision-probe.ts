import type { ServiceConfig } from '../../contracts/config.ts';
import { durationMs } from '../../contracts/duration.ts';
import { expectationOf, tagReadyMs } from '../../contracts/policies.ts';
import { assertNever } from '../../domain/assert-never.ts';
import { classifyResponse, isPlatformNotFound } from '../../domain/health/classify-response.ts';
import type { ProbeAnswer } from '../../domain/health/probe-answer.ts';
import type { ProbeOutcome } from '../../domain/health/probe-outcome.ts';
import { isOldAnswer, propagationLeftMs } from '../../domain/health/propagation.ts';
import type { RevisionName } from '../../domain/ids.ts';
import type { ServiceState } from '../../domain/service-state.ts';
import { planReach } from '../../domain/traffic/plan-reach.ts';
import type { Ports } from '../../ports/ports.ts';
import { probeHealth } from './probe-health.ts';
import { RouteMemory } from './route-memory.ts';

/** How often to look whether a revision can be reached yet. */
export const reachPollMs = 1_000;

/** What asking one revision gave: an outcome, or nothing yet and when to ask again. */
export type Asked =
  | { readonly kind: 'outcome'; readonly outcome: ProbeOutcome; readonly counts: boolean }
  | { readonly kind: 'later'; readonly afterMs: number }
  /** It has no URL of its own: a tag is missing. */
  | { readonly kind: 'unreachable' };

/** Asks revisions where they can be reached, and knows whose answer it got. */
export class RevisionProbe {
  readonly #config: ServiceConfig;
  readonly #ports: Pick<Ports, 'prober' | 'sockets' | 'clock'>;
  readonly #memory: RouteMemory;
  /** Since when each URL or revision has been waited for. */
  readonly #waiting = new Map<string, number>();

  constructor(config: ServiceConfig, ports: Pick<Ports, 'prober' | 'sockets' | 'clock'>) {
    this.#config = config;
    this.#ports = ports;
    this.#memory = new RouteMemory(ports.clock);
  }

  /** Call at each look, so that changes of hands are seen. */
  note(service: ServiceState): void {
    this.#memory.note(service);
  }

  /** Starts or goes on waiting for something. True: it is not there after a minute, and not coming. */
  isLate(what: string): boolean {
    const nowMs = this.#ports.clock.monotonicMs();
    const sinceMs = this.#waiting.get(what) ?? nowMs;
    this.#waiting.set(what, sinceMs);
    return nowMs - sinceMs > tagReadyMs;
  }

  /** What was waited for is there. */
  arrived(what: string): void {
    this.#waiting.delete(what);
  }

  /** @param readyAt when the revision became ready: LATEST moves to it then */
  async ask(service: ServiceState, revision: RevisionName, readyAt?: Date | undefined): Promise<Asked> {
    const reach = planReach(service, revision);
    switch (reach.kind) {
      case 'none':
        return { kind: 'unreachable' };
      case 'pending':
        return this.isLate(revision) ? { kind: 'unreachable' } : { kind: 'later', afterMs: reachPollMs };
      case 'tag-url':
        this.arrived(revision);
        return this.#askUrl(service, reach.url, reach.since);
      case 'service-url':
        this.arrived(revision);
        return this.#askUrl(service, reach.url, latest(reach.since, readyAt));
      default:
        return assertNever(reach);
    }
  }

  /** Asks the service as its users do, whichever revisions answer. */
  askService(service: ServiceState): Promise<Asked> {
    return this.#askUrl(service, service.uri, service.routesChangedAt);
  }

  /** The worst of what the further URLs answer; undefined: there are none. */
  async probeEdge(service: ServiceState): Promise<ProbeOutcome | undefined> {
    const timeoutMs = durationMs(this.#config.health.timeout);
    const outcomes = await Promise.all(
      this.#config.urls.map(async (url) => {
        // No ID token leaves for a host that is not the service's own.
        const request = { url, timeoutMs, authenticate: 'never' as const, audience: service.uri };
        return this.#classify(await this.#ports.prober.probe(request));
      }),
    );
    return outcomes.find((outcome) => outcome.kind !== 'good') ?? outcomes[0];
  }

  /** @param since when the URL may have changed hands; absent: it never had others */
  async #askUrl(service: ServiceState, url: string, since: Date | undefined): Promise<Asked> {
    const { clock } = this.#ports;
    const propagationMs = since ? durationMs(this.#config.propagation) : 0;
    const seenForMs = this.#memory.seenForMs(url);
    const leftMs = since ? propagationLeftMs(since, propagationMs, seenForMs, clock.now()) : 0;
    if (leftMs > 0) return { kind: 'later', afterMs: leftMs };
    const { answer, outcome } = await probeHealth(url, service.uri, this.#config, this.#ports);
    const missing = url !== service.uri && isPlatformNotFound(answer);
    if (missing && !this.isLate(url)) return { kind: 'later', afterMs: reachPollMs };
    if (!missing) this.arrived(url);
    const old = since !== undefined && isOldAnswer(answer, since, propagationMs, seenForMs, clock.now());
    return { kind: 'outcome', outcome, counts: !old };
  }

  #classify(answer: ProbeAnswer): ProbeOutcome {
    return classifyResponse(answer, expectationOf(this.#config));
  }
}

function latest(a: Date, b: Date | undefined): Date {
  return b !== undefined && b > a ? b : a;
}
