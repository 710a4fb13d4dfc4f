import type { protos } from '@google-cloud/run';
import { RevisionNameSchema } from '../../../shared/contracts/id-schemas.ts';
import type { RevisionName, ServiceRef } from '../../../shared/domain/ids.ts';
import type { Container } from '../process/container.ts';
import type { Location } from '../resource-names.ts';
import type { RpcError } from '../rpc-error.ts';
import type { LocalRevision } from './local-revision.ts';
import type { LocalService } from './local-service.ts';
import { latestType, revisionType, type ServiceCodec } from './service-codec.ts';
import type { ServiceRegistry } from './service-registry.ts';
import type { ServiceSpec, TrafficTargetSpec } from './service-spec.ts';

type IRevisionTemplate = protos.google.cloud.run.v2.IRevisionTemplate;

/** What `gcloud run deploy` would be told. */
export interface DeployRequest {
  readonly service: string;
  /** Default: the local cloud's own. */
  readonly project?: string;
  readonly region?: string;
  readonly container: Container;
  /** On the service and on the template; those of earlier deploys stay, as with gcloud. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Default: a name made up by Cloud Run. */
  readonly revisionSuffix?: string;
  readonly minInstances?: number;
  /** True: what LATEST has goes to the newest ready revision by name, and stays there. */
  readonly noTraffic?: boolean;
  /** A tag for the new revision. */
  readonly tag?: string;
  /** True: only requests with an ID token for the service are let in. Kept until another deploy says otherwise. */
  readonly private?: boolean;
  /** Whole seconds. Default: the profile's. */
  readonly startTimeoutSeconds?: number;
  /** Who deploys, as e-mail. */
  readonly by?: string;
}

/** How a deploy ended. */
export interface Deployment {
  readonly ref: ServiceRef;
  readonly uri: string;
  readonly revision: RevisionName;
  readonly createTime: Date;
  /** Why the revision never became ready. Undefined: it did. */
  readonly failure: RpcError | undefined;
}

/** A deploy that Cloud Run has accepted. */
export interface AcceptedDeploy {
  readonly ref: ServiceRef;
  readonly revision: RevisionName;
  /** Resolves when the service has reconciled; the traffic may still spread. Never rejects. */
  readonly reconciled: Promise<Deployment>;
}

/** Deploys as gcloud does: reads the service, puts the new template in, and leaves traffic as its spec says. */
export class Deployer {
  readonly #registry: ServiceRegistry;
  readonly #codec: ServiceCodec;
  readonly #home: Location;
  #deploys = 0;

  constructor(registry: ServiceRegistry, codec: ServiceCodec, home: Location) {
    this.#registry = registry;
    this.#codec = codec;
    this.#home = home;
  }

  /** @throws {RpcError} what Cloud Run does not accept */
  deploy(request: DeployRequest): AcceptedDeploy {
    const { service: name, project = this.#home.project, region = this.#home.region } = request;
    const ref = { project, region, service: name };
    const by = request.by ?? `developer@${project}.iam.gserviceaccount.com`;
    const existing = this.#registry.find(ref);
    const spec = this.#specFor(request, existing);
    const written = existing
      ? { ...existing.write(spec, { by }), service: existing }
      : this.#registry.create(ref, spec, { by });
    if (request.private !== undefined) written.service.isPrivate = request.private;
    if (written.revision === undefined) throw new TypeError(`deploy of ${name} made no revision`);
    return accepted(written.service, written.revision, written.operation.reconciled);
  }

  #specFor(request: DeployRequest, existing: LocalService | undefined): ServiceSpec {
    const before = existing?.spec;
    const fresh = this.#codec.parse({
      ...before,
      labels: { ...before?.labels, ...request.labels },
      template: this.#templateFor(request, before),
    });
    return { ...fresh, traffic: trafficFor(request, fresh.traffic, existing?.latestReady) };
  }

  #templateFor(request: DeployRequest, before: ServiceSpec | undefined): IRevisionTemplate {
    const { container, startTimeoutSeconds: seconds, minInstances, revisionSuffix } = request;
    this.#deploys++;
    return {
      ...(revisionSuffix === undefined ? {} : { revision: `${request.service}-${revisionSuffix}` }),
      labels: { ...before?.template.labels, ...request.labels },
      // gcloud's way to get a new revision from an unchanged template.
      annotations: { ...before?.template.annotations, 'client.knative.dev/nonce': String(this.#deploys) },
      ...(minInstances === undefined ? {} : { scaling: { minInstanceCount: minInstances } }),
      containers: [
        {
          image: 'local',
          command: [container.command],
          args: [...(container.args ?? [])],
          env: Object.entries(container.env ?? {}).map(([name, value]) => ({ name, value })),
          ...(seconds === undefined
            ? {}
            : { startupProbe: { timeoutSeconds: seconds, periodSeconds: seconds, failureThreshold: 1 } }),
        },
      ],
    };
  }
}

function trafficFor(
  { noTraffic = false, tag }: DeployRequest,
  traffic: readonly TrafficTargetSpec[],
  latestReady: LocalRevision | undefined,
): TrafficTargetSpec[] {
  const pinned = traffic.map((target) =>
    noTraffic && latestReady !== undefined && target.type === latestType && target.percent > 0
      ? { ...target, type: revisionType, revision: latestReady.name }
      : target,
  );
  if (tag === undefined) return pinned;
  const untagged = pinned.map((target) => (target.tag === tag ? { ...target, tag: undefined } : target));
  const kept = untagged.filter((target) => target.percent > 0 || target.tag !== undefined);
  return [...kept, { type: latestType, percent: 0, tag }];
}

function accepted(
  { ref, uri }: LocalService,
  { name, createTime }: LocalRevision,
  reconciled: Promise<RpcError | undefined>,
): AcceptedDeploy {
  const revision = RevisionNameSchema.parse(name);
  return {
    ref,
    revision,
    reconciled: reconciled.then((failure) => ({ ref, uri, revision, createTime, failure })),
  };
}
