import type { ServiceConfig } from '../contracts/config.ts';
import { durationMs } from '../contracts/duration.ts';
import { expectationOf, tagReadyMs } from '../contracts/policies.ts';
import type { RunRecord } from '../contracts/records.ts';
import { assertNever } from '../domain/assert-never.ts';
import { classifyResponse, isPlatformNotFound } from '../domain/classify-response.ts';
import { TransientError } from '../domain/errors.ts';
import type { HealthFact } from '../domain/health-fact.ts';
import { effectIdOf, type RevisionName, type RunId } from '../domain/ids.ts';
import { planReach } from '../domain/plan-reach.ts';
import type { ProbeAnswer } from '../domain/probe-answer.ts';
import type { ProbeOutcome } from '../domain/probe-outcome.ts';
import type { Readiness } from '../domain/revision.ts';
import { isOldAnswer, spreadLeftMs } from '../domain/spread.ts';
import { type ServiceState, servesAlone, servingSplit, shareIn, shareOf } from '../domain/traffic.ts';
import type { Ports } from '../ports/ports.ts';

/** How often to look whether a revision can be reached yet. */
const reachPollMs = 1_000;

type Observation = Omit<HealthFact, 'n'>;

/** What asking one revision gave: an outcome, or nothing yet and when to ask again. */
type Asked =
  | { readonly kind: 'outcome'; readonly outcome: ProbeOutcome; readonly counts: boolean }
  | { readonly kind: 'later'; readonly afterMs: number };

/** Looks at one run's revision, once per call; remembers for how long it has seen it serve alone. */
export class Observer {
  readonly #runId: RunId;
  readonly #run: RunRecord;
  readonly #config: ServiceConfig;
  readonly #ports: Ports;
  readonly #startedMs: number;
  #askedForTag = false;
  #alone: { readonly revision: RevisionName; readonly sinceMs: number } | undefined;

  constructor(runId: RunId, run: RunRecord, config: ServiceConfig, ports: Ports) {
    this.#runId = runId;
    this.#run = run;
    this.#config = config;
    this.#ports = ports;
    this.#startedMs = ports.clock.monotonicMs();
  }

  /** @returns undefined after a short wait when there is nothing to see yet: no URL, or traffic still spreads */
  async observe(): Promise<Observation | undefined> {
    const { run, clock } = this.#ports;
    const { stage } = this.#run;
    const revision = this.#run.target ?? this.#run.candidate.revision;
    const service = await run.getService(this.#run.ref);
    if (!service) throw new TransientError(`service ${this.#run.ref.service} is not there`);
    const share = shareIn(service, revision);
    const state = describe((await run.getRevision(this.#run.ref, revision))?.readiness);
    const seen = (rest: Partial<Observation>): Observation => ({
      at: clock.now(),
      share,
      counts: true,
      ...state,
      ...rest,
    });

    if (stage === 'reverify' && share === 0) {
      return seen({ readiness: 'gone', readinessDetail: `traffic has left ${revision}` });
    }
    if (isSettledBy(state.readiness, share)) return seen({});
    if (state.readiness === 'pending' && share === 0) return this.#wait(reachPollMs);

    const asked = await this.#ask(service, revision);
    if (asked.kind === 'later') return this.#wait(asked.afterMs);
    const { outcome: candidate, counts } = asked;
    if (stage !== 'health') return seen({ candidate, counts });
    if (candidate.kind === 'good')
      return seen({ candidate, counts, edge: await this.#probeEdge(service, revision) });
    if (candidate.kind === 'unknown') return seen({ candidate, counts });

    const compared = await this.#compare(service);
    if (compared?.kind === 'later') return this.#wait(compared.afterMs);
    return seen({ candidate, counts, stable: compared?.outcome });
  }

  /** The same probe on the stable revision; undefined: there is none, or this run adds no tag to reach it. */
  async #compare(service: ServiceState): Promise<Asked | undefined> {
    const { stable, notifyOnly } = this.#run;
    if (stable === undefined) return undefined;
    if (notifyOnly && planReach(service, stable).kind === 'none') return undefined;
    return this.#ask(service, stable);
  }

  async #ask(service: ServiceState, revision: RevisionName): Promise<Asked> {
    const reach = planReach(service, revision);
    switch (reach.kind) {
      case 'none':
      case 'pending': {
        const waiting = !this.#isLate() && !(reach.kind === 'none' && this.#run.notifyOnly);
        if (waiting) return this.#awaitTag();
        const detail = `no URL reaches ${revision} alone: it has no tag and does not serve alone`;
        return { kind: 'outcome', outcome: { kind: 'unknown', cause: 'unreachable', detail }, counts: true };
      }
      case 'tag-url': {
        const answer = await this.#probe(service, reach.url);
        if (isPlatformNotFound(answer) && !this.#isLate()) return { kind: 'later', afterMs: reachPollMs };
        return { kind: 'outcome', outcome: this.#classify(answer), counts: true };
      }
      case 'service-url': {
        const aloneForMs = this.#aloneForMs(service, revision);
        const spreadMs = durationMs(this.#config.spread);
        const leftMs = spreadLeftMs(reach.since, spreadMs, aloneForMs, this.#ports.clock.now());
        if (leftMs > 0) return { kind: 'later', afterMs: leftMs };
        const answer = await this.#probe(service, reach.url);
        const old = isOldAnswer(answer, reach.since, spreadMs, aloneForMs, this.#ports.clock.now());
        return { kind: 'outcome', outcome: this.#classify(answer), counts: !old };
      }
      default:
        return assertNever(reach);
    }
  }

  /** The registration wrote the effect; its message may have been lost. */
  async #awaitTag(): Promise<Asked> {
    if (!this.#askedForTag && this.#run.stage === 'health') {
      this.#askedForTag = true;
      await this.#ports.bus.publish('route-traffic', { effectId: effectIdOf(this.#runId, 'health', 'tag') });
    }
    return { kind: 'later', afterMs: reachPollMs };
  }

  /** The worst of what the further URLs answer; they lead to this revision only while it serves alone. */
  async #probeEdge(service: ServiceState, revision: RevisionName): Promise<ProbeOutcome | undefined> {
    if (!servesAlone(service, revision)) return undefined;
    const { timeout } = this.#config.health;
    const outcomes = await Promise.all(
      this.#config.urls.map(async (url) => {
        // No ID token leaves for a host that is not the service's own.
        const request = {
          url,
          timeoutMs: durationMs(timeout),
          authenticate: 'never' as const,
          audience: service.uri,
        };
        return this.#classify(await this.#ports.prober.probe(request));
      }),
    );
    return outcomes.find((outcome) => outcome.kind !== 'good') ?? outcomes[0];
  }

  #probe(service: ServiceState, base: string): Promise<ProbeAnswer> {
    const { path, timeout, authenticate } = this.#config.health;
    const url = new URL(path, base).href;
    return this.#ports.prober.probe({
      url,
      timeoutMs: durationMs(timeout),
      authenticate,
      audience: service.uri,
    });
  }

  #classify(answer: ProbeAnswer): ProbeOutcome {
    return classifyResponse(answer, expectationOf(this.#config));
  }

  async #wait(ms: number): Promise<undefined> {
    await this.#ports.clock.sleep(ms);
    return undefined;
  }

  /** A tag that is not there by now is not coming. */
  #isLate(): boolean {
    return this.#ports.clock.monotonicMs() - this.#startedMs > tagReadyMs;
  }

  /** For how long we have seen `revision` have all traffic; tags may change meanwhile. */
  #aloneForMs(service: ServiceState, revision: RevisionName): number {
    const nowMs = this.#ports.clock.monotonicMs();
    if (shareOf(servingSplit(service), revision) < 100) this.#alone = undefined;
    else if (this.#alone?.revision !== revision) this.#alone = { revision, sinceMs: nowMs };
    return nowMs - (this.#alone?.sinceMs ?? nowMs);
  }
}

/** Without traffic, what Cloud Run says of a revision is all there is to know. */
function isSettledBy(readiness: HealthFact['readiness'], share: number): boolean {
  return readiness === 'gone' || readiness === 'retired' || (readiness === 'failed' && share === 0);
}

function describe(readiness: Readiness | undefined): Pick<Observation, 'readiness' | 'readinessDetail'> {
  if (!readiness) return { readiness: 'gone', readinessDetail: 'the revision was deleted' };
  if (readiness.kind !== 'failed') return { readiness: readiness.kind };
  return { readiness: 'failed', readinessDetail: `${readiness.reason}: ${readiness.message}` };
}
