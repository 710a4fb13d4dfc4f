export interface RequestedHost {
  /** The label of the service. */
  readonly service: string;
  readonly tag: string | undefined;
}

const pattern = /^(?:(?<tag>[a-z][a-z0-9-]*?)---)?(?<service>[a-z][a-z0-9-]*)\.localhost(?::\d+)?$/;

/** `SERVICE.localhost:PORT` or `TAG---SERVICE.localhost:PORT`. Undefined: neither. */
export function parseHost(host: string | undefined): RequestedHost | undefined {
  const { service, tag } = pattern.exec(host?.toLowerCase() ?? '')?.groups ?? {};
  return service === undefined ? undefined : { service, tag };
}
