import { status } from '@grpc/grpc-js';
import { canonicalJson } from '../../../shared/domain/json.ts';
import { noSuchRevisionText, notReadyText } from '../platform-texts.ts';
import type { RevisionRuntime } from '../process/revision-runtime.ts';
import type { Propagation, TrafficTable } from '../proxy/router.ts';
import { RpcError } from '../rpc-error.ts';
import { type Condition, transition } from './condition.ts';
import type { LocalRevision } from './local-revision.ts';
import type { Platform } from './platform.ts';
import type { TrafficTargetSpec } from './service-spec.ts';

export interface RouteRequest {
  readonly traffic: readonly TrafficTargetSpec[];
  readonly latestReady: LocalRevision | undefined;
  readonly find: (revision: string) => LocalRevision | undefined;
}

/** As google.cloud.run.v2.TrafficTargetStatus; LATEST is not resolved there either. */
export type TrafficStatus = TrafficTargetSpec & { readonly uri?: string };

interface Resolved {
  readonly target: TrafficTargetSpec;
  readonly revision: LocalRevision;
}

/** The traffic that a service really has, as opposed to what its spec asks for. */
export class ServiceRoutes {
  readonly #platform: Platform;
  readonly #label: string;
  #statuses: TrafficStatus[] = [];
  #published = '';
  #condition: Condition;
  #propagated: Promise<void> = Promise.resolve();

  /** @param label of the service's host */
  constructor(platform: Platform, label: string) {
    this.#platform = platform;
    this.#label = label;
    this.#condition = { type: 'RoutesReady', state: 'CONDITION_RECONCILING', lastTransitionTime: new Date() };
  }

  get statuses(): readonly TrafficStatus[] {
    return this.#statuses;
  }

  get condition(): Condition {
    return this.#condition;
  }

  /** Resolves when every request sees the traffic that was published last. Never rejects. */
  get propagated(): Promise<void> {
    return this.#propagated;
  }

  markReconciling(): void {
    this.#condition = transition(this.#condition, { state: 'CONDITION_RECONCILING' }, new Date());
  }

  /** Puts the spec into effect. @returns why it could not: then all stays as it was */
  publish(request: RouteRequest): RpcError | undefined {
    const resolved: Resolved[] = [];
    for (const target of request.traffic) {
      const revision = target.revision === undefined ? request.latestReady : request.find(target.revision);
      if (revision === undefined || !revision.ready) return this.#refuse(target, revision);
      resolved.push({ target, revision });
    }
    this.#announce(resolved);
    return undefined;
  }

  remove(): void {
    this.#platform.router.remove(this.#label);
  }

  #refuse(target: TrafficTargetSpec, revision: LocalRevision | undefined): RpcError {
    const message =
      revision !== undefined
        ? notReadyText(revision.name, revision.message)
        : noSuchRevisionText(target.revision ?? 'LATEST');
    this.#condition = transition(this.#condition, { state: 'CONDITION_FAILED', message }, new Date());
    return new RpcError(status.FAILED_PRECONDITION, message);
  }

  #announce(resolved: readonly Resolved[]): void {
    const published = canonicalJson(resolved.map(({ target, revision }) => [target, revision.name]));
    if (published !== this.#published) {
      // Even a change that no write asked for (LATEST moved on) is a transition of the routes.
      this.markReconciling();
      this.#published = published;
      const known = new Set(this.#statuses.map(({ tag }) => tag));
      const hasFreshTag = resolved.some(({ target }) => target.tag !== undefined && !known.has(target.tag));
      this.#statuses = resolved.map(({ target }) => ({ ...target, ...this.#tagUri(target) }));
      this.#propagate(tableOf(resolved), hasFreshTag);
    }
    this.#condition = transition(this.#condition, { state: 'CONDITION_SUCCEEDED' }, new Date());
  }

  #tagUri({ tag }: TrafficTargetSpec): { uri?: string } {
    return tag === undefined
      ? {}
      : { uri: `http://${tag}---${this.#label}.localhost:${this.#platform.httpPort}` };
  }

  #propagate(table: TrafficTable<RevisionRuntime>, hasFreshTag: boolean): void {
    const { profile, random, router, timers } = this.#platform;
    const propagation: Propagation = {
      propagationMs: random.between(profile.propagationMs),
      tagLagMs: hasFreshTag ? random.between(profile.tagLagMs) : 0,
    };
    router.publish(this.#label, table, propagation);
    const done = timers.delay(Math.max(propagation.propagationMs, propagation.tagLagMs)).catch(() => {});
    this.#propagated = Promise.all([this.#propagated, done]).then(() => {});
  }
}

function tableOf(resolved: readonly Resolved[]): TrafficTable<RevisionRuntime> {
  const weights: { target: RevisionRuntime; percent: number }[] = [];
  const tags = new Map<string, RevisionRuntime>();
  for (const { target, revision } of resolved) {
    if (revision.runtime === undefined) continue;
    weights.push({ target: revision.runtime, percent: target.percent });
    if (target.tag !== undefined) tags.set(target.tag, revision.runtime);
  }
  return { weights, tags };
}
