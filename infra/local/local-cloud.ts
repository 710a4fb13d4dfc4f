import type { RevisionName, ServiceRef } from '../../shared/domain/ids.ts';
import { assembleCloud, type LocalCloudOptions, type LocalCloudParts } from './assemble-cloud.ts';
import type { BuildTopic } from './cloud-build/build-topic.ts';
import type { LocalBuilds } from './cloud-build/local-builds.ts';
import type { Disturbances } from './disturbances.ts';
import type { LocalJobs } from './jobs/local-jobs.ts';
import type { LocalLogging } from './logging/local-logging.ts';
import type { LogBuffer, LogEntry } from './process/log-buffer.ts';
import type { Profile } from './profile.ts';
import type { AcceptedDeploy, Deployment, DeployRequest } from './run/deployer.ts';

/** Cloud Run, Cloud Build and Cloud Logging on this machine: the real client libraries talk to it, real processes serve in it. */
export class LocalCloud {
  /** Where the APIs are served, by gRPC without TLS. */
  readonly endpoint: { readonly host: string; readonly port: number };
  /** Where services are served: `http://SERVICE.localhost:PORT`, `http://TAG---SERVICE.localhost:PORT`. */
  readonly httpPort: number;
  readonly profile: Profile;
  /** Cloud Run's jobs, which the API serves too. */
  readonly jobs: LocalJobs;
  readonly builds: LocalBuilds;
  /** The topic `cloud-builds`. */
  readonly messages: BuildTopic;
  /** Cloud Logging, which the API serves too. */
  readonly logging: LocalLogging;
  readonly faults: Disturbances;
  readonly #parts: LocalCloudParts;
  #stopped: Promise<void> | undefined;

  private constructor(parts: LocalCloudParts) {
    this.#parts = parts;
    this.endpoint = parts.endpoint;
    this.httpPort = parts.platform.httpPort;
    this.profile = parts.platform.profile;
    this.jobs = parts.jobs;
    this.builds = parts.builds;
    this.messages = parts.messages;
    this.logging = parts.logging;
    this.faults = parts.faults;
  }

  static async start(options: LocalCloudOptions): Promise<LocalCloud> {
    return new LocalCloud(await assembleCloud(options));
  }

  /** Deploys and waits until the service has reconciled and its traffic has spread. @throws {RpcError} not accepted */
  async deploy(request: DeployRequest): Promise<Deployment> {
    const deployment = await this.startDeploy(request).reconciled;
    await this.reconciled(deployment.ref);
    return deployment;
  }

  /** Deploys without waiting. @throws {RpcError} not accepted */
  startDeploy(request: DeployRequest): AcceptedDeploy {
    return this.#parts.deployer.deploy(request);
  }

  /** Resolves when every write to the service so far is in effect and has spread. @throws {RpcError} no such service */
  async reconciled(ref: ServiceRef): Promise<void> {
    await this.#parts.registry.get(ref).reconciled;
  }

  /** The names of a service's revisions, newest first; empty when there is no such service. */
  revisions(ref: ServiceRef): readonly string[] {
    return (
      this.#parts.registry
        .find(ref)
        ?.revisions.newestFirst()
        .map(({ name }) => name) ?? []
    );
  }

  /** The newest lines of a revision's container and of the platform about it, oldest first. */
  logs(ref: ServiceRef, revision: RevisionName): readonly LogEntry[] {
    return this.#logs(ref, revision)?.entries() ?? [];
  }

  /** The first line that matches, as soon as there is one. @throws {TypeError} no such revision */
  async logged(ref: ServiceRef, revision: RevisionName, pattern: RegExp): Promise<LogEntry> {
    const logs = this.#logs(ref, revision);
    if (logs === undefined) throw new TypeError(`no revision ${revision}`);
    return await logs.find(pattern);
  }

  /** Ends every process, port and delay of this cloud. May be called again. */
  stop(): Promise<void> {
    this.#stopped ??= this.#parts.close();
    return this.#stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #logs(ref: ServiceRef, revision: RevisionName): LogBuffer | undefined {
    return this.#parts.registry.find(ref)?.revisions.find(revision)?.runtime?.logs;
  }
}
