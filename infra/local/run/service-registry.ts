import { status } from '@grpc/grpc-js';
import { hashOf, type ServiceRef } from '../../../shared/domain/ids.ts';
import { type Location, serviceName } from '../resource-names.ts';
import { invalidArgument, notFound, RpcError } from '../rpc-error.ts';
import { LocalService, type WriteOptions, type Written } from './local-service.ts';
import type { Platform } from './platform.ts';
import type { ServiceSpec } from './service-spec.ts';

const namePattern = /^[a-z]([a-z0-9-]{0,47}[a-z0-9])?$/;

/** Every service of one local cloud, in all its projects and regions. */
export class ServiceRegistry {
  readonly #platform: Platform;
  readonly #services = new Map<string, LocalService>();

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  find(ref: ServiceRef): LocalService | undefined {
    return this.#services.get(serviceName(ref));
  }

  /** @throws {RpcError} NOT_FOUND */
  get(ref: ServiceRef): LocalService {
    const service = this.find(ref);
    if (service === undefined) throw notFound(serviceName(ref));
    return service;
  }

  findByLabel(label: string): LocalService | undefined {
    return this.all().find((service) => service.label === label);
  }

  all(): LocalService[] {
    return [...this.#services.values()];
  }

  in({ project, region }: Location): LocalService[] {
    return this.all().filter(({ ref }) => ref.project === project && ref.region === region);
  }

  /** @throws {RpcError} ALREADY_EXISTS, INVALID_ARGUMENT, or what `LocalService.write` refuses */
  create(ref: ServiceRef, spec: ServiceSpec, options: WriteOptions): Written & { service: LocalService } {
    if (!namePattern.test(ref.service))
      throw invalidArgument(`service_id: '${ref.service}' is not a service name`);
    if (this.find(ref) !== undefined) {
      throw new RpcError(status.ALREADY_EXISTS, `Resource '${ref.service}' already exists.`);
    }
    const service = new LocalService(this.#platform, ref, this.#labelFor(ref), options.by);
    const written = service.write(spec, options);
    if (!options.validateOnly) this.#services.set(serviceName(ref), service);
    return { ...written, service };
  }

  async delete(ref: ServiceRef): Promise<void> {
    const service = this.get(ref);
    this.#services.delete(serviceName(ref));
    await service.stop();
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.all().map((service) => service.stop()));
  }

  /** Host names say neither project nor region: the second service of a name gets a hash, as in real URLs. */
  #labelFor(ref: ServiceRef): string {
    const taken = this.findByLabel(ref.service) !== undefined;
    return taken ? `${ref.service}-${hashOf(ref.project, ref.region, ref.service).slice(0, 6)}` : ref.service;
  }
}
