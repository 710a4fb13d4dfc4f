import type { ConfigPath } from './config-path.ts';
import type { Finding } from './finding.ts';
import type { ResolvedService } from './resolve-services.ts';
import type { SourceMap } from './source-map.ts';

/** Keys below `health` that say something of a response to a GET. */
const httpKeys: readonly ConfigPath[] = [
  ['path'],
  ['method'],
  ['expect', 'status'],
  ['expect', 'json'],
  ['expect', 'headers'],
  ['expect', 'body'],
  ['expect', 'schema'],
  ['warn'],
  ['revision', 'json'],
];

/** Keys that a health check of gRPC would not look at. What the defaults say is meant for the other services. */
export function checkGrpc(services: readonly ResolvedService[], source: SourceMap): readonly Finding[] {
  const roots = services
    .filter(({ service }) => service.health.grpc)
    .map(({ index }) => ['services', index, 'health']);
  const defaults = ['defaults', 'health'];
  if (source.has([...defaults, 'grpc'])) roots.push(defaults);
  return roots
    .flatMap((root) => httpKeys.map((key) => [...root, ...key]))
    .filter((path) => source.has(path))
    .map((path) => ({
      path,
      message: 'has no meaning where health.grpc is set',
      fix: 'remove it, or set health.grpc only at the services that speak gRPC',
    }));
}
