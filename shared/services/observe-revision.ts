import type { ServiceConfig } from '../contracts/config.ts';
import { durationMs } from '../contracts/duration.ts';
import { expectationOf, tagReadyMs } from '../contracts/policies.ts';
import type { RunRecord } from '../contracts/records.ts';
import { classifyResponse, isPlatformNotFound } from '../domain/classify-response.ts';
import { TransientError } from '../domain/errors.ts';
import type { HealthFact } from '../domain/health-fact.ts';
import { effectIdOf, type RunId } from '../domain/ids.ts';
import { isOldAnswer } from '../domain/is-old-answer.ts';
import { planReach, type Reach } from '../domain/plan-reach.ts';
import type { ProbeOutcome } from '../domain/probe-outcome.ts';
import type { Readiness } from '../domain/revision.ts';
import { type ServiceState, shareIn } from '../domain/traffic.ts';
import type { Ports } from '../ports/ports.ts';

/** How often to look whether a revision can be reached yet. */
const reachPollMs = 1_000;

type Observation = Omit<HealthFact, 'n'>;

/** Looks at one run's revision, once per call; remembers for how long it has seen the present routes. */
export class Observer {
  readonly #runId: RunId;
  readonly #run: RunRecord;
  readonly #config: ServiceConfig;
  readonly #ports: Ports;
  readonly #startedMs: number;
  #askedForTag = false;
  #routes: { readonly changedAt: number; readonly firstSeenMs: number } | undefined;

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
    const revision = this.#run.target ?? this.#run.candidate.revision;
    const service = await run.getService(this.#run.ref);
    if (!service) throw new TransientError(`service ${this.#run.ref.service} is not there`);
    const share = shareIn(service, revision);
    const { readiness, readinessDetail } = describe(
      (await run.getRevision(this.#run.ref, revision))?.readiness,
    );
    const seen = (rest: Partial<Observation>): Observation => ({
      at: clock.now(),
      readiness,
      readinessDetail,
      share,
      counts: true,
      ...rest,
    });

    if (this.#run.stage === 'reverify' && share === 0)
      return seen({ readiness: 'gone', readinessDetail: `traffic has left ${revision}` });
    if (readiness === 'gone' || readiness === 'retired' || (readiness === 'failed' && share === 0))
      return seen({});
    if (readiness === 'pending' && share === 0) return this.#wait(reachPollMs);

    const reach = planReach(service, revision);
    if (reach.kind === 'none' || reach.kind === 'pending') return this.#notReachable(reach, seen);
    if (reach.kind === 'service-url') {
      const leftMs = this.#spreadLeftMs(reach.since);
      if (leftMs > 0) return this.#wait(leftMs);
    }
    const answer = await this.#probe(service, reach.url);
    if (reach.kind === 'tag-url' && isPlatformNotFound(answer) && !this.#tagIsLate())
      return this.#wait(reachPollMs);
    const candidate = classifyResponse(answer, expectationOf(this.#config));
    const counts =
      reach.kind === 'tag-url' ||
      !isOldAnswer(answer, reach.since, this.#spreadMs(), this.#seenForMs(), clock.now());
    const stable =
      candidate.kind === 'bad' && this.#run.stage === 'health' ? await this.#compare(service) : undefined;
    return seen({ candidate, stable, counts });
  }

  /** The same probe on the stable revision; undefined: there is none, or this run adds no tag to reach it. */
  async #compare(service: ServiceState): Promise<ProbeOutcome | undefined> {
    const { stable, notifyOnly } = this.#run;
    if (stable === undefined) return undefined;
    const reach = planReach(service, stable);
    if (reach.kind === 'none' && notifyOnly) return undefined;
    if (reach.kind === 'none' || reach.kind === 'pending') {
      return {
        kind: 'unknown',
        cause: 'unreachable',
        detail: `no URL reaches the stable revision ${stable}`,
      };
    }
    return classifyResponse(await this.#probe(service, reach.url), expectationOf(this.#config));
  }

  #probe(service: ServiceState, base: string) {
    const { path, timeout, authenticate } = this.#config.health;
    const url = new URL(path, base).href;
    return this.#ports.prober.probe({
      url,
      timeoutMs: durationMs(timeout),
      authenticate,
      audience: service.uri,
    });
  }

  async #notReachable(
    reach: Reach,
    seen: (rest: Partial<Observation>) => Observation,
  ): Promise<Observation | undefined> {
    if (this.#tagIsLate() || (reach.kind === 'none' && this.#run.notifyOnly)) {
      const detail = 'no URL reaches this revision alone: it has no tag and does not serve alone';
      return seen({ candidate: { kind: 'unknown', cause: 'unreachable', detail } });
    }
    if (!this.#askedForTag && this.#run.stage === 'health') {
      this.#askedForTag = true;
      await this.#ports.bus.publish('route-traffic', { effectId: effectIdOf(this.#runId, 'health', 'tag') });
    }
    return this.#wait(reachPollMs);
  }

  async #wait(ms: number): Promise<undefined> {
    await this.#ports.clock.sleep(ms);
    return undefined;
  }

  #tagIsLate(): boolean {
    return this.#ports.clock.monotonicMs() - this.#startedMs > tagReadyMs;
  }

  #spreadMs(): number {
    return durationMs(this.#config.spread);
  }

  /** By both clocks, ours and the platform's, the smaller rest: a clock that is off must not stop the guard. */
  #spreadLeftMs(since: Date): number {
    const { clock } = this.#ports;
    if (this.#routes?.changedAt !== since.getTime()) {
      this.#routes = { changedAt: since.getTime(), firstSeenMs: clock.monotonicMs() };
    }
    const byWallMs = this.#spreadMs() - (clock.now().getTime() - since.getTime());
    return Math.min(byWallMs, this.#spreadMs() - this.#seenForMs());
  }

  #seenForMs(): number {
    return this.#routes ? this.#ports.clock.monotonicMs() - this.#routes.firstSeenMs : 0;
  }
}

function describe(readiness: Readiness | undefined): Pick<Observation, 'readiness' | 'readinessDetail'> {
  if (!readiness) return { readiness: 'gone', readinessDetail: 'the revision was deleted' };
  if (readiness.kind !== 'failed') return { readiness: readiness.kind };
  return { readiness: 'failed', readinessDetail: `${readiness.reason}: ${readiness.message}` };
}
