import type { ServiceRef } from '../../shared/domain/ids.ts';

const servicePattern =
  /^projects\/(?<project>[^/]+)\/locations\/(?<region>[^/]+)\/services\/(?<service>[^/]+)$/;
const revisionPattern =
  /^(?<parent>projects\/[^/]+\/locations\/[^/]+\/services\/[^/]+)\/revisions\/(?<revision>[^/]+)$/;
const locationPattern = /^projects\/(?<project>[^/]+)\/locations\/(?<region>[^/]+)$/;

export interface Location {
  readonly project: string;
  readonly region: string;
}

/** Where a local cloud is, unless a request says otherwise. */
export interface Home extends Location {
  /** By which Cloud Build names the project. */
  readonly projectNumber: string;
}

export function locationName({ project, region }: Location): string {
  return `projects/${project}/locations/${region}`;
}

export function serviceName(ref: ServiceRef): string {
  return `${locationName(ref)}/services/${ref.service}`;
}

export function revisionName(ref: ServiceRef, revision: string): string {
  return `${serviceName(ref)}/revisions/${revision}`;
}

/** The last part of a resource name; a short name is itself. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** `service` may be `-`, which stands for every service. */
export function parseServiceName(name: string): ServiceRef | undefined {
  const { project, region, service } = servicePattern.exec(name)?.groups ?? {};
  return project && region && service ? { project, region, service } : undefined;
}

export function parseRevisionName(name: string): { ref: ServiceRef; revision: string } | undefined {
  const { parent, revision } = revisionPattern.exec(name)?.groups ?? {};
  const ref = parent === undefined ? undefined : parseServiceName(parent);
  return ref && revision ? { ref, revision } : undefined;
}

export function parseLocationName(name: string): Location | undefined {
  const { project, region } = locationPattern.exec(name)?.groups ?? {};
  return project && region ? { project, region } : undefined;
}
