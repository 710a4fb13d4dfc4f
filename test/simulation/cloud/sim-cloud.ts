import { PermanentError, TrafficChangedError } from '../../../shared/domain/errors.ts';
import type { ProbeAnswer } from '../../../shared/domain/health/probe-answer.ts';
import type { Etag, RevisionName, ServiceRef } from '../../../shared/domain/ids.ts';
import type { Readiness } from '../../../shared/domain/revision.ts';
import type { ServiceState, ServingTarget, TrafficTarget } from '../../../shared/domain/service-state.ts';
import type { TrafficChange } from '../../../shared/ports/cloud-run.ts';
import type { Dice } from '../kernel/dice.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { answerOf } from './behaviour.ts';
import { type Outage, type PastOutage, probedIn } from './outage.ts';
import { reconcileLagMs } from './reconcile-lag.ts';
import { RequestLogs } from './request-logs.ts';
import { Routes } from './routes.ts';
import { hostOf, servingOf } from './serving-of.ts';
import type { SimRevision } from './sim-revision.ts';

/** One Cloud Run service: etags, LATEST, tags and readiness, with a status that lags behind what was asked for. */
export class SimCloud {
  readonly ref: ServiceRef;
  readonly uri: string;
  readonly revisions: SimRevision[] = [];
  readonly routes: Routes;
  traffic: readonly TrafficTarget[] = [];
  annotations: Readonly<Record<string, string>> = {};
  readonly logs: RequestLogs;
  #outage: Outage | undefined;
  readonly #outages: PastOutage[] = [];
  readonly #kernel: Kernel;
  readonly #dice: Dice;
  #version = 1;
  #generation = 1n;
  #target = 0;
  #reconciled = 0;
  #latestReady: RevisionName | undefined;
  #serving: readonly ServingTarget[] = [];
  #routesChangedMs: number;

  constructor(ref: ServiceRef, kernel: Kernel, dice: Dice) {
    this.ref = ref;
    this.uri = hostOf(ref.service);
    this.#kernel = kernel;
    this.#dice = dice;
    this.routes = new Routes(dice);
    this.logs = new RequestLogs(dice.below(12_000));
    this.#routesChangedMs = kernel.nowMs;
  }

  find(name: string | undefined): SimRevision | undefined {
    return this.revisions.find((revision) => revision.name === name && !revision.deleted);
  }

  /** Whether a probe of it gets a bad answer now, whoever is to blame. */
  isFailing(name: RevisionName): boolean {
    return probedIn(this.#outage, 'unavailable') !== undefined || this.failsItself(name);
  }

  /** Whether it answers badly now by its own doing. */
  failsItself(name: RevisionName): boolean {
    return this.find(name)?.failingAt(this.#kernel.nowMs) ?? true;
  }

  /** What a probe of it gets now. */
  answer({ name, badAnswer }: SimRevision): ProbeAnswer {
    return probedIn(this.#outage, badAnswer) ?? answerOf(this.failsItself(name), badAnswer);
  }

  /** What a probe of it would have got then. */
  answersAt(name: RevisionName, atMs: number): 'good' | 'bad' {
    const isOut = this.outagesIn(atMs, atMs).some(({ outage }) => outage !== 'users');
    return isOut || (this.find(name)?.failingAt(atMs) ?? true) ? 'bad' : 'good';
  }

  /** Whatever all revisions need goes away, or, with undefined, comes back. */
  setOutage(outage: Outage | undefined): void {
    const { nowMs } = this.#kernel;
    const last = this.#outages.at(-1);
    if (last && last.toMs > nowMs) this.#outages.splice(-1, 1, { ...last, toMs: nowMs });
    if (outage) this.#outages.push({ outage, fromMs: nowMs, toMs: Number.POSITIVE_INFINITY });
    this.#outage = outage;
    this.logs.outageIs(outage, nowMs);
  }

  /** The outages of which some was between these times. */
  outagesIn(fromMs: number, toMs: number): readonly PastOutage[] {
    return this.#outages.filter((past) => past.fromMs <= toMs && past.toMs >= fromMs);
  }

  add(revision: SimRevision): void {
    this.revisions.unshift(revision);
    this.#change(true);
  }

  setReadiness(revision: SimRevision, readiness: Readiness): void {
    revision.readiness = readiness;
    if (readiness.kind === 'ready') revision.readyMs = this.#kernel.nowMs;
    this.#change(false);
  }

  /** @returns false: Cloud Run does not delete what serves, or what LATEST may mean */
  remove(revision: SimRevision): boolean {
    const mayServe = [
      this.revisions[0]?.name,
      this.#latestReady,
      ...usersOf(this.traffic),
      ...usersOf(this.#serving),
    ];
    revision.deleted = !mayServe.includes(revision.name);
    return revision.deleted;
  }

  /** The platform's own reconciling moves the etag. */
  bump(): void {
    this.#version++;
  }

  editTraffic(traffic: readonly TrafficTarget[]): void {
    this.traffic = traffic;
    this.#change(true);
  }

  /** One conditional write; without an etag it is unconditional. */
  write({ traffic, annotations, etag }: TrafficChange): void {
    if (etag !== '' && etag !== this.#etag) throw new TrafficChangedError(`${etag} is stale`);
    for (const { revision } of traffic)
      if (revision !== undefined && !this.find(revision))
        throw new PermanentError(`Revision ${revision} does not exist or is deleted`);
    this.annotations = annotations;
    this.editTraffic(traffic);
  }

  state(): ServiceState {
    return {
      ref: this.ref,
      etag: this.#etag,
      generation: this.#generation,
      uri: this.uri,
      annotations: this.annotations,
      traffic: this.traffic,
      serving: this.#serving,
      latestReadyRevision: this.#latestReady,
      latestCreatedRevision: this.revisions[0]?.name,
      reconciling: this.#reconciled !== this.#target || this.revisions[0]?.readiness.kind === 'pending',
      routesChangedAt: new Date(this.#routesChangedMs),
    };
  }

  /** A service that was set up long ago: nothing lags. */
  reconcileNow(): void {
    this.#reconcile(this.#target);
  }

  get #etag(): Etag {
    return `v${this.#version}` as Etag;
  }

  #change(spec: boolean): void {
    this.#version++;
    if (spec) this.#generation++;
    this.#routesChangedMs = this.#kernel.nowMs;
    const target = ++this.#target;
    this.#kernel.after(reconcileLagMs(this.#dice), () => this.#reconcile(target));
  }

  #reconcile(target: number): void {
    if (target !== this.#target || target === this.#reconciled) return;
    const { nowMs } = this.#kernel;
    this.#reconciled = target;
    this.#version++;
    this.#routesChangedMs = nowMs;
    this.#latestReady = this.revisions.find((revision) => revision.isReady)?.name;
    this.#serving = servingOf(this.traffic, this.#latestReady, this.ref.service);
    this.routes.change(this.#serving, nowMs);
    this.logs.serves(this.#serving, nowMs);
    if (this.#dice.chance(0.2)) this.#kernel.after(this.#dice.between(500, 3_000), () => this.bump());
  }
}

function usersOf(traffic: readonly TrafficTarget[]): (RevisionName | undefined)[] {
  return traffic.filter((target) => target.percent > 0).map((target) => target.revision);
}
