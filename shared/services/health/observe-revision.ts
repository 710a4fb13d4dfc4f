import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import type { BuildConditions } from '../../contracts/expectations/health-question.ts';
import { stagePolicyOf } from '../../contracts/policies.ts';
import { hasTagUrls } from '../../contracts/reach/further-urls.ts';
import { type RunRecord, services } from '../../contracts/records.ts';
import { TransientError } from '../../domain/errors.ts';
import { openBreaches } from '../../domain/health/assess-requests.ts';
import type { HealthFact } from '../../domain/health/health-fact.ts';
import { isHardFault, type ProbeOutcome } from '../../domain/health/probe-outcome.ts';
import type { RevisionName, RunId } from '../../domain/ids.ts';
import { olderGood } from '../../domain/records/good-revisions.ts';
import { compareRevisions, orderOf, type Readiness, type Revision } from '../../domain/revision.ts';
import type { StagePolicy } from '../../domain/runs/stage-facts.ts';
import {
  formatSplit,
  percentsChanged,
  type ServiceState,
  sameSplit,
  servesAlone,
  servingSplit,
  shareIn,
  shareOf,
  specSplit,
} from '../../domain/service-state.ts';
import { isSoak } from '../../domain/stages.ts';
import type { Ports } from '../../ports/ports.ts';
import { askForTag } from '../records/ask-for-effect.ts';
import { readRequestWindow, type Windows } from './read-request-window.ts';
import { type Asked, RevisionProbe, reachPollMs } from './revision-probe.ts';

type Observation = Omit<HealthFact, 'n'>;

/** Observes one run's revision, or the service after a rollback, once per call. */
export class Observer {
  readonly #runId: RunId;
  readonly #run: RunRecord;
  readonly #ports: Ports;
  readonly #config: ServiceConfig;
  readonly #policy: StagePolicy;
  readonly #probe: RevisionProbe;
  #stable: RevisionName | undefined;
  readonly #askedForTag = new Set<RevisionName>();
  /** Stable has been probed before. */
  #isAwake = false;
  /** A window that was read but not yet returned: the log's quota is small. */
  #windows: Windows | undefined;

  constructor(runId: RunId, run: RunRecord, config: ServiceConfig, ports: Ports) {
    this.#runId = runId;
    this.#run = run;
    this.#ports = ports;
    this.#config = config;
    this.#policy = stagePolicyOf(config, run.stage, run);
    this.#probe = new RevisionProbe(config, ports);
    this.#stable = run.stable;
  }

  /**
   * @param facts the facts of this stage so far
   * @returns undefined after a short wait when nothing can be observed yet: no URL, or traffic is still propagating
   */
  async observe(facts: readonly HealthFact[]): Promise<Observation | undefined> {
    const service = await this.#ports.run.getService(this.#run.ref);
    if (!service) throw new TransientError(`service ${this.#run.ref.service} does not exist`);
    this.#probe.note(service);
    return this.#run.stage === 'reverify'
      ? this.#observeService(service, facts)
      : this.#observeCandidate(service, facts);
  }

  async #observeCandidate(
    service: ServiceState,
    facts: readonly HealthFact[],
  ): Promise<Observation | undefined> {
    const { revision: name } = this.#run.candidate;
    const found = await this.#ports.run.getRevision(this.#run.ref, name);
    // A revision made anew under its name is a different one.
    const isSame = found && compareRevisions(orderOf(found), this.#run.candidate) === 0;
    const revision = isSame ? found : undefined;
    const share = shareIn(service, name);
    const seen = this.#seenWith({ share, ...describe(revision?.readiness) });
    const { readiness } = seen({});
    if (!revision) return seen({});
    const movedAway = isSoak(this.#run.stage) ? this.#whyMovedAway(service, share) : undefined;
    if (movedAway) return seen(movedAway);
    if (isSoak(this.#run.stage) && !isServedAsAsked(service, name)) {
      if (!this.#probe.isLate('traffic')) return this.#wait(reachPollMs);
      return seen({ candidate: unreachable('traffic was written, but has not moved') });
    }
    this.#probe.arrived('traffic');
    // Without traffic, Cloud Run's own condition is the only evidence.
    if (readiness === 'failed' && share === 0) return seen({});
    if (readiness === 'pending' && share === 0) return this.#wait(reachPollMs);

    const asked = await this.#askOrTag(service, name, 'judged', revision);
    if (asked.kind === 'later') return this.#wait(asked.afterMs);
    const { outcome: candidate, counts } = asked;
    const { clock, logs } = this.#ports;
    this.#windows ??= await readRequestWindow(this.#run, facts, this.#stable, this.#policy, { clock, logs });
    const answered = seen({ candidate, counts, ...this.#windows });
    if (candidate.kind === 'bad' || this.#isBreached(facts, answered)) {
      const compared = await this.#compareAwake(service, candidate);
      if (compared?.kind === 'later') return this.#wait(compared.afterMs);
      return this.#tell({ ...answered, stable: compared?.outcome });
    }
    // The further URLs lead to this revision only while it has all traffic.
    const asksEdge =
      candidate.kind === 'good' &&
      hasTagUrls(this.#config) &&
      !isSoak(this.#run.stage) &&
      servesAlone(service, name);
    return this.#tell(
      asksEdge ? { ...answered, edge: await this.#probe.probeEdge(service, name) } : answered,
    );
  }

  /** Users' requests are over their limits: stable is probed meanwhile, whatever the candidate responds. */
  #isBreached(facts: readonly HealthFact[], now: Observation): boolean {
    const seen = [...facts, { n: facts.length, ...now }];
    return isSoak(this.#run.stage) && openBreaches(seen, this.#policy.requests).length > 0;
  }

  #tell(observation: Observation): Observation {
    this.#windows = undefined;
    return { ...observation, at: this.#ports.clock.now() };
  }

  /** Watching users' traffic on a revision stops when someone else moves that traffic, or when the revision is gone. */
  #whyMovedAway(
    service: ServiceState,
    share: number,
  ): Pick<Observation, 'readiness' | 'readinessDetail'> | undefined {
    const now = formatSplit(specSplit(service.traffic, service.latestReadyRevision));
    if (this.#isMoved(service))
      return {
        readiness: 'moved-away',
        readinessDetail: `traffic was changed by someone else: it is now ${now}`,
      };
    if (share > 0) return undefined;
    return { readiness: 'overtaken', readinessDetail: `a newer deploy took its traffic: it is now ${now}` };
  }

  /** After a rollback only users' responses matter: the service's own URL, with the written traffic. */
  async #observeService(
    service: ServiceState,
    facts: readonly HealthFact[],
  ): Promise<Observation | undefined> {
    const { expectedTraffic = [], target } = this.#run;
    const share = target === undefined ? 0 : shareIn(service, target);
    const seen = this.#seenWith({ readiness: 'ready', share });
    if (this.#isMoved(service)) {
      const now = formatSplit(specSplit(service.traffic, service.latestReadyRevision));
      return seen({
        readiness: 'moved-away',
        readinessDetail: `traffic was changed by someone else: it is now ${now}`,
      });
    }
    const moved =
      !service.reconciling &&
      sameSplit(servingSplit(service), specSplit(expectedTraffic, service.latestReadyRevision));
    if (!moved) {
      if (!this.#probe.isLate('traffic')) return this.#wait(reachPollMs);
      return seen({ candidate: unreachable('traffic was written, but has not moved') });
    }
    this.#probe.arrived('traffic');
    const asked = await this.#probe.askService(service, conditionsAfter(this.#run));
    if (asked.kind === 'later') return this.#wait(asked.afterMs);
    if (asked.kind !== 'outcome') return undefined;
    const { clock, logs } = this.#ports;
    const windows = await readRequestWindow(this.#run, facts, undefined, this.#policy, { clock, logs });
    return seen({ candidate: asked.outcome, counts: asked.counts, ...windows });
  }

  /**
   * Stable may be scaled to zero: a first response that is merely slow is repeated at once, if the case is otherwise
   * clear.
   */
  async #compareAwake(
    service: ServiceState,
    candidate: ProbeOutcome,
  ): Promise<Exclude<Asked, { kind: 'unreachable' }> | undefined> {
    // Stable is compared in what the candidate failed in: in which build it says it is of, or in all else.
    const conditions = candidate.kind === 'bad' && candidate.ofBuild ? 'judged' : 'left-out';
    const compared = await this.#compare(service, conditions);
    if (compared?.kind !== 'outcome' || this.#isAwake) return compared;
    this.#isAwake = true;
    const { outcome } = compared;
    const slept = isHardFault(candidate) && outcome.kind === 'bad' && outcome.fault === 'too-slow';
    return slept ? this.#compare(service, conditions) : compared;
  }

  /** The same probe on the stable revision; undefined: there is none, or this run adds no tag to reach it. */
  async #compare(
    service: ServiceState,
    conditions: BuildConditions,
  ): Promise<Exclude<Asked, { kind: 'unreachable' }> | undefined> {
    if (this.#stable === undefined) return undefined;
    const asked = await this.#probe.ask(service, this.#stable, conditions);
    if (asked.kind !== 'unreachable') return asked;
    // Its standing tag has moved if a newer revision was recorded good meanwhile.
    const known = await this.#ports.store.get(documentIn(services, this.#run.serviceKey));
    this.#stable = olderGood(known?.data.lastGood ?? [], this.#run.candidate)?.revision ?? this.#stable;
    if (this.#run.authority === 'observe') {
      const again = await this.#probe.ask(service, this.#stable, conditions);
      return again.kind === 'unreachable' ? undefined : again;
    }
    return this.#askOrTag(service, this.#stable, conditions);
  }

  /** Probes a revision; if a tag is missing, requests it and waits for it, within limits. */
  async #askOrTag(
    service: ServiceState,
    name: RevisionName,
    conditions: BuildConditions,
    revision?: Revision,
  ): Promise<Exclude<Asked, { kind: 'unreachable' }>> {
    const asked = await this.#probe.ask(service, name, conditions, revision?.readyAt);
    if (asked.kind === 'outcome') this.#askedForTag.delete(name);
    if (asked.kind !== 'unreachable') return asked;
    const byTags = hasTagUrls(this.#config);
    const mayTag = byTags && this.#run.authority !== 'observe';
    if (mayTag && !this.#askedForTag.has(name)) {
      this.#askedForTag.add(name);
      await askForTag(this.#runId, this.#run, this.#ports);
      // The wait for a tag is separate from earlier waits.
      this.#probe.arrived(name);
    }
    if (!mayTag || this.#probe.isLate(name)) {
      const why = byTags ? 'it has no tag' : 'health.via is urls';
      const detail = `no URL reaches only ${name}: ${why}, and it does not have all traffic`;
      return { kind: 'outcome', outcome: unreachable(detail), counts: true };
    }
    return { kind: 'later', afterMs: reachPollMs };
  }

  #isMoved(service: ServiceState): boolean {
    const { expectedTraffic = [], expectedLatest } = this.#run;
    return percentsChanged({ traffic: expectedTraffic, latest: expectedLatest }, service);
  }

  #seenWith(
    state: Pick<Observation, 'readiness' | 'readinessDetail' | 'share'>,
  ): (rest: Partial<Observation>) => Observation {
    return (rest) => ({ at: this.#ports.clock.now(), counts: true, ...state, ...rest });
  }

  async #wait(ms: number): Promise<undefined> {
    await this.#ports.clock.sleep(ms);
    return undefined;
  }
}

/** A rollback that may have been for the build that answered has restored nothing until that is judged again. */
function conditionsAfter({ reasons }: RunRecord): BuildConditions {
  const mayBeOfBuild = ['wrong-body', 'wrong-header', 'flapping'];
  return reasons.some(({ code }) => mayBeOfBuild.includes(code)) ? 'judged' : 'left-out';
}

/** Users have got the requested share: a share that is only written must not be watched. */
function isServedAsAsked(service: ServiceState, revision: RevisionName): boolean {
  const asked = shareOf(specSplit(service.traffic, service.latestReadyRevision), revision);
  return shareOf(servingSplit(service), revision) >= asked;
}

function unreachable(detail: string): ProbeOutcome {
  return { kind: 'unknown', cause: 'unreachable', detail };
}

function describe(readiness: Readiness | undefined): Pick<Observation, 'readiness' | 'readinessDetail'> {
  if (!readiness) return { readiness: 'gone', readinessDetail: 'the revision was deleted' };
  if (readiness.kind !== 'failed') return { readiness: readiness.kind };
  return { readiness: 'failed', readinessDetail: `${readiness.reason}: ${readiness.message}` };
}
