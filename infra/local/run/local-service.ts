import { status } from '@grpc/grpc-js';
import type { ServiceRef } from '../../../shared/domain/ids.ts';
import { canonicalJson } from '../../../shared/domain/json.ts';
import { staleEtagText } from '../platform-texts.ts';
import { RpcError } from '../rpc-error.ts';
import { type Condition, transition } from './condition.ts';
import type { LocalRevision } from './local-revision.ts';
import type { Operation } from './operations.ts';
import type { Platform } from './platform.ts';
import { renderService } from './render-service.ts';
import { RevisionSet } from './revision-set.ts';
import { ServiceRoutes } from './service-routes.ts';
import type { ServiceSpec } from './service-spec.ts';
import { validateTraffic } from './validate-traffic.ts';

export interface WriteOptions {
  /** The write is refused when the service has another one by now. Absent or empty: written whatever it is. */
  readonly etag?: string | undefined;
  /** Who writes, as e-mail. */
  readonly by: string;
  /** True: checked, not written. */
  readonly validateOnly?: boolean;
  /** True: accepted, and that is all; the service reconciles for good. */
  readonly neverEnds?: boolean;
}

export interface Written {
  readonly operation: Operation;
  /** The revision that the write made, if it made one. */
  readonly revision: LocalRevision | undefined;
}

/** One Cloud Run service: takes writes at once, and puts them into effect in its own time. */
export class LocalService {
  readonly ref: ServiceRef;
  /** First part of its host name. */
  readonly label: string;
  readonly uri: string;
  readonly revisions: RevisionSet;
  readonly routes: ServiceRoutes;
  /** True: only requests with an ID token for this service get past the front end. */
  isPrivate = false;
  readonly #platform: Platform;
  readonly #uid: string;
  readonly #createTime = new Date();
  readonly #creator: string;
  #spec: ServiceSpec | undefined;
  #etag = '';
  #generation = 0;
  #observedGeneration = 0;
  #updateTime = this.#createTime;
  #lastModifier: string;
  #pending = 0;
  #latestCreated: LocalRevision | undefined;
  #latestReady: LocalRevision | undefined;
  #configurations: Condition;
  #reconciled: Promise<unknown> = Promise.resolve();

  constructor(platform: Platform, ref: ServiceRef, label: string, creator: string) {
    this.#platform = platform;
    this.ref = ref;
    this.label = label;
    this.uri = `http://${label}.localhost:${platform.httpPort}`;
    this.#uid = platform.random.uuid();
    this.#creator = creator;
    this.#lastModifier = creator;
    this.revisions = new RevisionSet(platform, ref);
    this.routes = new ServiceRoutes(platform, label);
    const lastTransitionTime = this.#createTime;
    this.#configurations = {
      type: 'ConfigurationsReady',
      state: 'CONDITION_RECONCILING',
      lastTransitionTime,
    };
  }

  /** What its owner last asked for. Undefined until the first write. */
  get spec(): ServiceSpec | undefined {
    return this.#spec;
  }

  get latestReady(): LocalRevision | undefined {
    return this.#latestReady;
  }

  get audiences(): readonly string[] {
    return [this.uri, ...(this.#spec?.customAudiences ?? [])];
  }

  /** Resolves when every write so far is in effect and has spread. Never rejects. */
  get reconciled(): Promise<void> {
    return this.#reconciled.then(() => this.routes.propagated);
  }

  /** @throws {RpcError} ABORTED: stale etag; ALREADY_EXISTS, INVALID_ARGUMENT, FAILED_PRECONDITION: not acceptable */
  write(next: ServiceSpec, { etag, by, validateOnly = false, neverEnds = false }: WriteOptions): Written {
    if (etag && etag !== this.#etag) {
      throw new RpcError(status.ABORTED, staleEtagText(this.ref.service, etag, this.#etag));
    }
    const planned = this.revisions.plan(next.template, this.#spec?.template);
    validateTraffic(this.ref.service, next.traffic, (name) =>
      name === planned ? { ready: true, message: '' } : this.revisions.find(name),
    );
    const operation = this.#platform.operations.begin(this.ref, () => this.render());
    if (validateOnly) {
      operation.finish();
      return { operation, revision: undefined };
    }
    const revision = planned === undefined ? undefined : this.revisions.add(planned, next.template, by);
    this.#accept(next, revision, by);
    if (!neverEnds) this.#reconciled = Promise.all([this.#reconciled, this.#reconcile(operation, revision)]);
    return { operation, revision };
  }

  /** The platform's own reconciling moved the version; nothing that an owner sees has changed. */
  touch(): void {
    this.#etag = `"${this.#platform.random.text(22, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789')}"`;
  }

  /** For a deletion, of the service or of one of its revisions. */
  beginDelete(): Operation {
    return this.#platform.operations.begin(this.ref, () => this.render());
  }

  async stop(): Promise<void> {
    this.routes.remove();
    await this.revisions.stopAll();
  }

  /** As google.cloud.run.v2.Service. */
  render(): object {
    return renderService({
      ref: this.ref,
      uid: this.#uid,
      uri: this.uri,
      spec: this.#spec,
      etag: this.#etag,
      generation: this.#generation,
      observedGeneration: this.#observedGeneration,
      createTime: this.#createTime,
      updateTime: this.#updateTime,
      creator: this.#creator,
      lastModifier: this.#lastModifier,
      reconciling: this.#pending > 0,
      routes: this.routes.condition,
      configurations: this.#configurations,
      latestReady: this.#latestReady?.name,
      latestCreated: this.#latestCreated?.name,
      statuses: this.routes.statuses,
    });
  }

  #accept(next: ServiceSpec, revision: LocalRevision | undefined, by: string): void {
    const now = new Date();
    if (canonicalJson(next) !== canonicalJson(this.#spec)) this.#generation++;
    if (canonicalJson(next.traffic) !== canonicalJson(this.#spec?.traffic)) this.routes.markReconciling();
    if (revision !== undefined) {
      this.#latestCreated = revision;
      this.#configurations = transition(this.#configurations, { state: 'CONDITION_RECONCILING' }, now);
    }
    this.#spec = next;
    this.#pending++;
    this.#updateTime = now;
    this.#lastModifier = by;
    this.touch();
  }

  /** Level-triggered, as in Knative: what is put into effect is the spec of that moment, not that of the write. */
  async #reconcile(operation: Operation, revision: LocalRevision | undefined): Promise<void> {
    const { profile, random, timers } = this.#platform;
    let failure = await revision?.start();
    if (revision !== undefined) this.#conclude(revision, failure);
    const stopped = await timers.delay(random.between(profile.updateMs)).then(
      () => undefined,
      () => new RpcError(status.CANCELLED, 'the local cloud was stopped'),
    );
    if (stopped === undefined && this.#spec !== undefined) {
      const { traffic } = this.#spec;
      const find = (name: string) => this.revisions.find(name);
      failure ??= this.routes.publish({ traffic, find, latestReady: this.#latestReady });
    }
    this.#pending--;
    if (this.#pending === 0) this.#observedGeneration = this.#generation;
    this.touch();
    if (profile.etagBumpMs !== undefined)
      timers.after(random.between(profile.etagBumpMs), () => this.touch());
    operation.finish(failure ?? stopped);
  }

  #conclude(revision: LocalRevision, failure: RpcError | undefined): void {
    const now = new Date();
    if (failure === undefined) {
      const newest = this.#latestReady === undefined || revision.createTime > this.#latestReady.createTime;
      if (newest) this.#latestReady = revision;
    }
    // An older revision that becomes ready late says nothing about the configuration of today.
    if (revision !== this.#latestCreated) return;
    this.#configurations = transition(
      this.#configurations,
      failure === undefined
        ? { state: 'CONDITION_SUCCEEDED' }
        : { state: 'CONDITION_FAILED', reason: 'REVISION_FAILED', message: failure.message },
      now,
    );
  }
}
