import type { RevisionName, ServiceRef } from '../../shared/domain/ids.ts';
import type { TrafficTarget } from '../../shared/domain/service-state.ts';
import { type ApiMethod, type FaultRequest, FaultScripts } from './faults.ts';
import type { LocalLogging } from './logging/local-logging.ts';
import type { LocalRevision } from './run/local-revision.ts';
import type { LocalService } from './run/local-service.ts';
import type { ServiceCodec } from './run/service-codec.ts';
import type { ServiceRegistry } from './run/service-registry.ts';

/** What goes wrong, or what somebody else does, because a test or a demonstration says so. */
export class Disturbances {
  readonly scripts = new FaultScripts();
  readonly #registry: ServiceRegistry;
  readonly #codec: ServiceCodec;
  readonly #logging: LocalLogging;

  constructor(parts: {
    readonly registry: ServiceRegistry;
    readonly codec: ServiceCodec;
    readonly logging: LocalLogging;
  }) {
    this.#registry = parts.registry;
    this.#codec = parts.codec;
    this.#logging = parts.logging;
  }

  /** Plays a fault on the next call (or `times` calls) of an API method. */
  next(method: ApiMethod, fault: FaultRequest): void {
    this.scripts.add(method, fault);
  }

  /** The platform reconciles: a new etag, and nothing else. */
  bumpEtag(ref: ServiceRef): void {
    this.#registry.get(ref).touch();
  }

  /** A person changes traffic. Resolves when it is in effect and has spread. @throws {RpcError} refused */
  async editTraffic(ref: ServiceRef, traffic: readonly TrafficTarget[]): Promise<void> {
    const service = this.#registry.get(ref);
    const next = this.#codec.parse({ ...service.spec, traffic: traffic.map((target) => ({ ...target })) });
    service.write(next, { by: `person@${ref.project}.example.com` });
    await service.reconciled;
  }

  /** Deletes a revision, even one that has traffic or a tag. */
  async deleteRevision(ref: ServiceRef, revision: RevisionName): Promise<void> {
    await this.#registry.get(ref).revisions.delete(revision);
  }

  /** The platform's clean-up of an unused revision: it reads as Ready, with the reason RETIRED. */
  async retireRevision(ref: ServiceRef, revision: RevisionName): Promise<void> {
    await this.#revision(this.#registry.get(ref), revision).retire();
  }

  /** The container's process dies, as when it is out of memory. Resolves when it is gone. */
  async killContainer(ref: ServiceRef, revision: RevisionName): Promise<void> {
    await this.#revision(this.#registry.get(ref), revision).runtime?.kill();
  }

  /**
   * Cloud Logging drops entries from now on, as an exclusion of the sink does.
   * @param filter which, in the query language
   * @param share of them that is dropped, 1 for all
   * @returns how to lift it
   * @throws {RpcError} not a filter
   */
  excludeLogs(filter: string, share = 1): () => void {
    return this.#logging.exclude(filter, share);
  }

  /** Cloud Logging shows nothing that is written from now on, until the returned function is called. */
  holdLogs(): () => void {
    return this.#logging.hold();
  }

  #revision(service: LocalService, name: RevisionName): LocalRevision {
    const revision = service.revisions.find(name);
    if (revision === undefined) throw new TypeError(`no revision ${name}`);
    return revision;
  }
}
