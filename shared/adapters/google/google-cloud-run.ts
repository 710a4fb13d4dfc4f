import type { RevisionsClient, ServicesClient } from '@google-cloud/run';
import type { RevisionSettings } from '../../domain/diagnosis/revision-settings.ts';
import { PermanentError } from '../../domain/errors.ts';
import type { RevisionName, ServiceRef } from '../../domain/ids.ts';
import type { Revision } from '../../domain/revision.ts';
import { compareRevisions, orderOf } from '../../domain/revision.ts';
import type { ServiceState } from '../../domain/service-state.ts';
import type { CloudRun, TrafficChange } from '../../ports/cloud-run.ts';
import type { GoogleOptions } from './client-options.ts';
import { googleClientOptions } from './client-options.ts';
import { faultOfError, faultOfStatus, lookError, readError, writeError } from './faults.ts';
import { parseGoogleRevision } from './google-revision.ts';
import { parseGoogleSettings } from './google-settings.ts';
import { LazyClient } from './lazy-client.ts';
import { boundedCall, readGoogle } from './read-google.ts';
import { parseGoogleService, toGoogleTarget } from './service.ts';

const updateTimeoutMs = 15_000;
const maxRevisions = 100;

/** Cloud Run by Google's own clients, over gRPC. */
export class GoogleCloudRun implements CloudRun {
  readonly #services: LazyClient<ServicesClient>;
  readonly #revisions: LazyClient<RevisionsClient>;

  constructor(options: GoogleOptions = {}) {
    this.#services = new LazyClient(async () => {
      const { ServicesClient } = await import('@google-cloud/run');
      const client = new ServicesClient(await googleClientOptions(options));
      // Checked here, so that missing credentials are never taken for a lost response to a write.
      await client.initialize();
      return client;
    });
    this.#revisions = new LazyClient(async () => {
      const { RevisionsClient } = await import('@google-cloud/run');
      return new RevisionsClient(await googleClientOptions(options));
    });
  }

  async getService(ref: ServiceRef): Promise<ServiceState | undefined> {
    const name = serviceName(ref);
    const result = await readGoogle(async (options) => {
      const client = await this.#services.get();
      return await client.getService({ name }, options);
    });
    if (result.ok) return parsed(name, () => parseGoogleService(ref, result.value[0]));
    if (result.fault.code === 'NOT_FOUND') return undefined;
    throw lookError(`GetService ${name}`, result.fault);
  }

  async getRevision(ref: ServiceRef, revision: RevisionName): Promise<Revision | undefined> {
    return this.#readRevision(ref, revision, parseGoogleRevision);
  }

  async getSettings(ref: ServiceRef, revision: RevisionName): Promise<RevisionSettings | undefined> {
    return this.#readRevision(ref, revision, parseGoogleSettings);
  }

  async #readRevision<T>(
    ref: ServiceRef,
    revision: RevisionName,
    parse: (answer: unknown) => T,
  ): Promise<T | undefined> {
    const name = `${serviceName(ref)}/revisions/${revision}`;
    const result = await readGoogle(async (options) => {
      const client = await this.#revisions.get();
      return await client.getRevision({ name }, options);
    });
    if (result.ok) return parsed(name, () => parse(result.value[0]));
    if (result.fault.code === 'NOT_FOUND') return undefined;
    throw lookError(`GetRevision ${name}`, result.fault, 'roles/run.viewer');
  }

  async listRevisions(ref: ServiceRef): Promise<Revision[]> {
    const parent = serviceName(ref);
    const result = await readGoogle(async (options) => {
      const client = await this.#revisions.get();
      return await client.listRevisions(
        { parent, pageSize: maxRevisions },
        { ...options, autoPaginate: false },
      );
    });
    if (result.ok) {
      const revisions = parsed(parent, () => result.value[0].map(parseGoogleRevision));
      return revisions.sort((a, b) => compareRevisions(orderOf(b), orderOf(a))).slice(0, maxRevisions);
    }
    if (result.fault.code === 'NOT_FOUND') return [];
    throw lookError(`ListRevisions ${parent}`, result.fault);
  }

  async updateTraffic(ref: ServiceRef, { traffic, annotations, etag }: TrafficChange): Promise<void> {
    const name = serviceName(ref);
    const call = `UpdateService ${name}`;
    const client = await this.#services.get().catch((error: unknown) => {
      throw readError(call, faultOfError(error));
    });
    const service = { name, etag, traffic: traffic.map(toGoogleTarget), annotations: { ...annotations } };
    const updateMask = { paths: ['traffic', 'annotations'] };
    const [operation] = await client
      .updateService({ service, updateMask }, boundedCall(updateTimeoutMs))
      .catch((error: unknown) => {
        throw writeError(call, faultOfError(error));
      });
    const refusal = operation.latestResponse.error;
    if (refusal) throw writeError(call, faultOfStatus(refusal.code, refusal.message ?? ''));
  }

  /** Releases the sockets. The next call opens them again. */
  async close(): Promise<void> {
    await Promise.all([this.#services.close(), this.#revisions.close()]);
  }
}

function serviceName({ project, region, service }: ServiceRef): string {
  return `projects/${project}/locations/${region}/services/${service}`;
}

/** @throws {PermanentError} a malformed response: another attempt would get the same */
function parsed<T>(name: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new PermanentError(`${name}: the response could not be read`, { cause: error });
  }
}
