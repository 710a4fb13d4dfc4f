import { maxTaggableService } from '../../domain/traffic/traffic-tags.ts';
import type { ConfigPath } from './config-path.ts';
import type { Finding } from './finding.ts';
import type { ResolvedService } from './resolve-services.ts';
import type { SourceMap } from './source-map.ts';

/** Settings that are allowed but are probably a mistake. */
export function warnServices(services: readonly ResolvedService[], source: SourceMap): readonly Finding[] {
  return [
    ...warnPaths(services, source),
    ...warnNames(services, source),
    ...warnRenamed(['defaults'], source),
    ...services.flatMap(({ index }) => warnRenamed(['services', index], source)),
  ];
}

function warnRenamed(place: ConfigPath, source: SourceMap): readonly Finding[] {
  const path = [...place, 'spread'];
  return source.has(path)
    ? [{ path, message: 'is now called propagation', fix: 'rename the key to `propagation`' }]
    : [];
}

/** Without tags, neither a failing revision can be compared nor a rollback target probed. */
function warnNames(services: readonly ResolvedService[], source: SourceMap): readonly Finding[] {
  return services.flatMap(({ index, service: { service } }) => {
    if (service.length <= maxTaggableService) return [];
    const own = ['services', index, 'service'];
    return [
      {
        path: source.has(own) ? own : ['services', index, 'name'],
        message: `Cloud Run refuses traffic tags on a service name of ${service.length} characters: a revision can be compared only while it has all traffic`,
        fix: `use a service name of at most ${maxTaggableService} characters`,
      },
    ];
  });
}

function warnPaths(services: readonly ResolvedService[], source: SourceMap): readonly Finding[] {
  return services.flatMap(({ index, service }) => {
    const [path] = service.health.path.split('?');
    if (!path?.endsWith('z')) return [];
    const own = ['services', index, 'health', 'path'];
    return [
      {
        path: source.has(own) ? own : ['defaults', 'health', 'path'],
        // https://cloud.google.com/run/docs/known-issues#ah
        message: `Cloud Run reserves some paths that end in z, and may answer ${path} with its own 404`,
        fix: 'use a path such as /health',
      },
    ];
  });
}
