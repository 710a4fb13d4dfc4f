import type { ServiceConfig } from '../../contracts/config.ts';
import { durationMs } from '../../contracts/duration.ts';
import { isEndless } from '../../contracts/freeze/find-window.ts';
import { maxTagAndService, maxTaggableService } from '../../domain/traffic/traffic-tags.ts';
import { checkHealth } from './check-health.ts';
import { checkSuites } from './check-suites.ts';
import type { ConfigPath } from './config-path.ts';
import type { Finding, Limit } from './finding.ts';
import type { ResolvedService } from './resolve-services.ts';
import type { SourceMap } from './source-map.ts';

const maxStartupBudget = '30m';
/** Each probe of a run is a document. */
const maxTicks = 900;
/** Keeps a stage below a thousand looks, gaps, early looks after bad responses and a pause included. */
const maxLooks = 450;

/** Faults that concern several fields or several services. */
export function checkServices(services: readonly ResolvedService[], source: SourceMap): readonly Finding[] {
  const limits = services.flatMap(({ index, service }) =>
    [
      ...checkLimits(service),
      ...checkHealth(service),
      ...checkSteps(service),
      ...checkTags(service),
      ...checkFreeze(service),
      ...checkSuites(service),
    ].map(({ keys, message, fix }) => ({ path: pathOf(source, index, keys), message, fix })),
  );
  return [
    ...limits,
    ...findDoubles(services, ({ name }) => name, 'name', 'give each service a unique name'),
    ...findDoubles(
      services,
      ({ project, region, service }) => `${service} in ${project}, ${region}`,
      'service',
      'list each Cloud Run service once',
    ),
  ];
}

function checkLimits({ health, watch, requestLog }: ServiceConfig): readonly Limit[] {
  const { interval, timeout, startupBudget, startupGrace, expect } = health;
  const keys = {
    latency: ['health', 'expect', 'latency'],
    interval: ['health', 'interval'],
    timeout: ['health', 'timeout'],
    startupBudget: ['health', 'startupBudget'],
    startupGrace: ['health', 'startupGrace'],
    for: ['watch', 'for'],
    minimum: ['watch', 'minimum'],
    watchInterval: ['watch', 'interval'],
  };
  const limits: readonly (Limit | false)[] = [
    longer(expect.latency, timeout) && {
      keys: [keys.latency, keys.timeout],
      message: `a response may take ${expect.latency}, but a probe times out after ${timeout}`,
      fix: 'lower health.expect.latency or raise health.timeout',
    },
    longer(timeout, startupBudget) && {
      keys: [keys.timeout, keys.startupBudget],
      message: `one probe may take ${timeout}, more than the start-up budget of ${startupBudget}`,
      fix: 'lower health.timeout or raise health.startupBudget',
    },
    longer(startupGrace, startupBudget) && {
      keys: [keys.startupGrace, keys.startupBudget],
      message: `a warm-up may take ${startupGrace}, more than the start-up budget of ${startupBudget}`,
      fix: 'lower health.startupGrace or raise health.startupBudget',
    },
    durationMs(startupBudget) / durationMs(interval) > maxTicks && {
      keys: [keys.interval, keys.startupBudget],
      message: `a probe every ${interval} for ${startupBudget} is more than ${maxTicks} probes`,
      fix: 'raise health.interval or lower health.startupBudget',
    },
    longer(startupBudget, maxStartupBudget) && {
      keys: [keys.startupBudget],
      message: `${startupBudget} is too long: a bad revision could serve for that time`,
      fix: `use at most ${maxStartupBudget}`,
    },
    longer(watch.minimum, watch.for) && {
      keys: [keys.minimum, keys.for],
      message: `the watch lasts ${watch.for}, less than its minimum of ${watch.minimum}`,
      fix: 'lower watch.minimum or raise watch.for',
    },
    requestLog.use !== 'off' &&
      longer(watch.interval, requestLog.window) && {
        keys: [keys.watchInterval, ['requestLog', 'window']],
        message: `a probe every ${watch.interval} is too rare for request log windows of ${requestLog.window}`,
        fix: 'lower watch.interval, raise requestLog.window or set requestLog.use to off',
      },
    requestLog.use === 'required' &&
      longer(requestLog.window, watch.minimum) && {
        keys: [['requestLog', 'window'], keys.minimum],
        message: `the request log is required, but the watch may end after ${watch.minimum}, before one window of ${requestLog.window}`,
        fix: 'lower requestLog.window or raise watch.minimum',
      },
    tooManyLooks(watch.for, watch.interval) && {
      keys: [keys.watchInterval, keys.for],
      message: `a probe every ${watch.interval} for ${watch.for} is more than ${maxLooks} probes`,
      fix: 'raise watch.interval or lower watch.for',
    },
  ];
  return limits.filter((limit) => limit !== false);
}

/** The steps of a canary increase up to all traffic, and each lasts long enough to be observed. */
function checkSteps({ mode, steps, watch, requestLog }: ServiceConfig): readonly Limit[] {
  if (mode !== 'canary') return [];
  const last = steps.length - 1;
  const each = steps.flatMap(({ percent, hold }, n): (Limit | false)[] => [
    n > 0 &&
      percent <= (steps[n - 1]?.percent ?? 0) && {
        keys: [['steps', n, 'percent']],
        message: `${percent} % after ${steps[n - 1]?.percent} % is not an increase`,
        fix: 'use increasing percentages',
      },
    longer(watch.minimum, hold) && {
      keys: [
        ['steps', n, 'hold'],
        ['watch', 'minimum'],
      ],
      message: `a step of ${hold} is shorter than watch.minimum, ${watch.minimum}`,
      fix: 'raise hold or lower watch.minimum',
    },
    requestLog.use !== 'off' &&
      longer(requestLog.window, hold) && {
        keys: [
          ['steps', n, 'hold'],
          ['requestLog', 'window'],
        ],
        message: `a step of ${hold} is shorter than one window of the request log, ${requestLog.window}`,
        fix: 'raise hold, lower requestLog.window or set requestLog.use to off',
      },
    tooManyLooks(hold, watch.interval) && {
      keys: [
        ['steps', n, 'hold'],
        ['watch', 'interval'],
      ],
      message: `a probe every ${watch.interval} for ${hold} is more than ${maxLooks} probes`,
      fix: 'raise watch.interval or lower hold',
    },
  ]);
  const all: readonly (Limit | false)[] = [
    ...each,
    steps[last]?.percent !== 100 && {
      keys: [['steps', last, 'percent']],
      message: `the last step has ${steps[last]?.percent} % of the traffic`,
      fix: 'end the steps at 100',
    },
  ];
  return all.filter((limit) => limit !== false);
}

function tooManyLooks(duration: string, interval: string): boolean {
  return durationMs(duration) / durationMs(interval) > maxLooks;
}

/**
 * The guard reaches a revision by a tag before it gives it traffic, and Cloud Run limits the length of tag and service
 * name together.
 */
function checkTags({ mode, service }: ServiceConfig): readonly Limit[] {
  if (mode === 'guard' || service.length <= maxTaggableService) return [];
  return [
    {
      keys: [['service'], ['name']],
      message: `mode ${mode} needs traffic tags, and Cloud Run refuses tags on a service name of ${service.length} characters (${maxTagAndService} for tag and name together)`,
      fix: `use mode guard, or a service name of at most ${maxTaggableService} characters`,
    },
  ];
}

function checkFreeze(service: ServiceConfig): readonly Limit[] {
  if (!isEndless(service)) return [];
  return [
    {
      keys: [['freeze']],
      message: 'these windows follow one another without an end: no revision would ever get traffic',
      fix: 'shorten `for`, give one long window instead of many, or use `deploy-loop pause`',
    },
  ];
}

function longer(duration: string, limit: string): boolean {
  return durationMs(duration) > durationMs(limit);
}

/** The first of these keys in the file, the service's own before the defaults'; else the service. */
function pathOf(source: SourceMap, index: number, keys: readonly ConfigPath[]): ConfigPath {
  const service = ['services', index];
  const candidates = [service, ['defaults']].flatMap((root) => keys.map((key) => [...root, ...key]));
  return candidates.find((path) => source.has(path)) ?? service;
}

function findDoubles(
  services: readonly ResolvedService[],
  identify: (service: ServiceConfig) => string,
  key: string,
  fix: string,
): readonly Finding[] {
  const first = new Map<string, number>();
  return services.flatMap(({ index, service }) => {
    const id = identify(service);
    const before = first.get(id);
    if (before === undefined) first.set(id, index);
    return before === undefined
      ? []
      : [{ path: ['services', index, key], message: `${id} is already in services[${before}]`, fix }];
  });
}
