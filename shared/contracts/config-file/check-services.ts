import type { ServiceConfig } from '../config.ts';
import { durationMs } from '../duration.ts';
import type { ConfigPath } from './config-path.ts';
import type { Finding } from './finding.ts';
import type { ResolvedService } from './resolve-services.ts';
import type { SourceMap } from './source-map.ts';

const maxStartupBudget = '30m';
/** Each probe of a run is a document. */
const maxTicks = 900;

/** What only shows when all fields, or all services, are seen together. */
export function checkServices(services: readonly ResolvedService[], source: SourceMap): readonly Finding[] {
  const limits = services.flatMap(({ index, service }) =>
    checkLimits(service).map(({ keys, message, mend }) => ({
      path: pathOf(source, index, keys),
      message,
      mend,
    })),
  );
  return [
    ...limits,
    ...findDoubles(services, ({ name }) => name, 'name', 'give each service a name of its own'),
    ...findDoubles(
      services,
      ({ project, region, service }) => `${service} in ${project}, ${region}`,
      'service',
      'watch each Cloud Run service once',
    ),
  ];
}

interface Limit {
  /** Where it may be mended, most likely first. */
  readonly keys: readonly ConfigPath[];
  readonly message: string;
  readonly mend: string;
}

function checkLimits({ health, watch }: ServiceConfig): readonly Limit[] {
  const { interval, timeout, startupBudget, expect } = health;
  const keys = {
    latency: ['health', 'expect', 'latency'],
    interval: ['health', 'interval'],
    timeout: ['health', 'timeout'],
    startupBudget: ['health', 'startupBudget'],
    for: ['watch', 'for'],
    minimum: ['watch', 'minimum'],
  };
  const limits: readonly (Limit | false)[] = [
    longer(expect.latency, timeout) && {
      keys: [keys.latency, keys.timeout],
      message: `an answer may take ${expect.latency}, but the probe is given up after ${timeout}`,
      mend: 'lower health.expect.latency or raise health.timeout',
    },
    longer(timeout, startupBudget) && {
      keys: [keys.timeout, keys.startupBudget],
      message: `one probe may take ${timeout}, but the whole start-up only ${startupBudget}`,
      mend: 'lower health.timeout or raise health.startupBudget',
    },
    durationMs(startupBudget) / durationMs(interval) > maxTicks && {
      keys: [keys.interval, keys.startupBudget],
      message: `a probe every ${interval} for ${startupBudget} is more than ${maxTicks} probes`,
      mend: 'raise health.interval or lower health.startupBudget',
    },
    longer(startupBudget, maxStartupBudget) && {
      keys: [keys.startupBudget],
      message: `${startupBudget} is longer than a bad revision may go unjudged`,
      mend: `at most ${maxStartupBudget}`,
    },
    longer(watch.minimum, watch.for) && {
      keys: [keys.minimum, keys.for],
      message: `the watch lasts ${watch.for}, which is shorter than its minimum of ${watch.minimum}`,
      mend: 'lower watch.minimum or raise watch.for',
    },
  ];
  return limits.filter((limit) => limit !== false);
}

function longer(duration: string, limit: string): boolean {
  return durationMs(duration) > durationMs(limit);
}

/** The first key that the file gives, the service's own before the defaults'; else the service. */
function pathOf(source: SourceMap, index: number, keys: readonly ConfigPath[]): ConfigPath {
  const service = ['services', index];
  const candidates = [service, ['defaults']].flatMap((root) => keys.map((key) => [...root, ...key]));
  return candidates.find((path) => source.has(path)) ?? service;
}

function findDoubles(
  services: readonly ResolvedService[],
  identify: (service: ServiceConfig) => string,
  key: string,
  mend: string,
): readonly Finding[] {
  const first = new Map<string, number>();
  return services.flatMap(({ index, service }) => {
    const id = identify(service);
    const before = first.get(id);
    if (before === undefined) first.set(id, index);
    return before === undefined
      ? []
      : [{ path: ['services', index, key], message: `${id} is services[${before}] already`, mend }];
  });
}
