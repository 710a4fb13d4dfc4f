import { maxTaggableService } from '../../domain/traffic/traffic-tags.ts';
import type { ConfigPath } from './config-path.ts';
import type { Finding, Limit } from './finding.ts';
import type { ResolvedService } from './resolve-services.ts';
import type { SourceMap } from './source-map.ts';
import { warnService } from './warn-service.ts';

/** Settings that are allowed but are probably a mistake. @param today as YYYY-MM-DD, in UTC */
export function warnServices(
  services: readonly ResolvedService[],
  source: SourceMap,
  today: string | undefined,
): readonly Finding[] {
  return [
    ...warnSteps(services, source),
    ...services.flatMap(({ index, service }) => warnAt(index, warnService(service, today), source)),
    ...warnPaths(services, source),
    ...warnShared(services, source),
    ...warnNames(services, source),
    ...warnRenamed(['defaults'], source),
    ...services.flatMap(({ index }) => warnRenamed(['services', index], source)),
  ];
}

function warnAt(index: number, limits: readonly Limit[], source: SourceMap): readonly Finding[] {
  return limits.flatMap(({ keys, message, fix }) => {
    const places = [['services', index], ['defaults']].flatMap((root) =>
      keys.map((key) => [...root, ...key]),
    );
    const path = places.find((place) => source.has(place));
    return path ? [{ path, message, fix }] : [];
  });
}

/** Those of the defaults are meant for canaries, and in vain only where there is none. */
function warnSteps(services: readonly ResolvedService[], source: SourceMap): readonly Finding[] {
  const others = services.filter(({ service: { mode } }) => mode !== 'canary');
  const places: { path: ConfigPath; mode: string }[] = others.map(({ index, service: { mode } }) => ({
    path: ['services', index, 'steps'],
    mode,
  }));
  const [first] = others;
  if (first && others.length === services.length)
    places.push({ path: ['defaults', 'steps'], mode: first.service.mode });
  return places
    .filter(({ path }) => source.has(path))
    .map(({ path, mode }) => ({
      path,
      message: `has no effect in mode ${mode}`,
      fix: 'set mode to canary, or remove the key',
    }));
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

/** A variable that no other service lists is compared with nothing. */
function warnShared(services: readonly ResolvedService[], source: SourceMap): readonly Finding[] {
  const sharedBy = ({ service }: ResolvedService) => service.audits?.drift?.shared ?? [];
  return services.flatMap((one) =>
    sharedBy(one)
      .filter((name) => !services.some((other) => other !== one && sharedBy(other).includes(name)))
      .flatMap((name) => {
        const message = `no other service lists ${name}: there is nothing to compare it with`;
        const fix = 'list it in the services that must have the same value, or remove it';
        return warnAt(one.index, [{ keys: [['audits', 'drift', 'shared']], message, fix }], source);
      }),
  );
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
