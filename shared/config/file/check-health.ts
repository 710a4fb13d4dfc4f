import type { ServiceConfig } from '../../contracts/config.ts';
import { buildVariables, isBuildVariable } from '../../contracts/expectations/build-variables.ts';
import { asksForBody } from '../../contracts/expectations/expectation.ts';
import { stepsOf } from '../../contracts/suites/http-suite.ts';
import { referencesIn } from '../../contracts/suites/references.ts';
import type { Suite } from '../../contracts/suites/suite.ts';
import type { ConfigPath } from './config-path.ts';
import type { Limit } from './finding.ts';

/** What the probe asks, seen together with what is expected of the response. */
export function checkHealth(service: ServiceConfig): readonly Limit[] {
  const { health } = service;
  return [
    ...checkBodies(health),
    ...checkReferences(health),
    ...checkEmptyList(health),
    ...checkVia(service),
    ...checkForwardedHost(service),
  ];
}

/** By its further URLs nobody can ask a revision that has no users. */
function checkVia({ health, urls, mode }: ServiceConfig): readonly Limit[] {
  if (health.via !== 'urls') return [];
  const via = ['health', 'via'];
  const without = {
    keys: [via, ['urls']],
    message: 'health.via is urls, but the service has no urls',
    fix: 'add the URLs by which its users reach it',
  };
  const unasked = {
    keys: [via, ['mode']],
    message: `mode ${mode} probes revisions before they have all traffic, which none of the urls leads to`,
    fix: 'set mode to guard, or make the service reachable by its own URL and remove health.via',
  };
  return [...(urls.length === 0 ? [without] : []), ...(mode === 'guard' ? [] : [unasked])];
}

type Health = ServiceConfig['health'];

function checkBodies({ method, expect, warn, revision }: Health): readonly Limit[] {
  if (method !== 'HEAD') return [];
  const message = 'a response to HEAD has no body';
  const fix = 'use GET, or expect only status, headers and latency';
  const bodies = ['json', 'schema', 'body'];
  return [
    ...(asksForBody(expect)
      ? [{ keys: [['health', 'method'], ...bodies.map((key) => ['health', 'expect', key])], message, fix }]
      : []),
    ...(warn && asksForBody(warn)
      ? [
          {
            keys: [
              ['health', 'warn'],
              ['health', 'method'],
            ],
            message,
            fix,
          },
        ]
      : []),
    ...(revision?.json === undefined
      ? []
      : [{ keys: [['health', 'revision', 'json']], message, fix: 'use GET, or health.revision.header' }]),
  ];
}

/** Where it is sent as `health.host`, a header of that name would be lost or win, depending on the URL. */
function checkForwardedHost({ health, suites }: ServiceConfig): readonly Limit[] {
  if (health.host === undefined) return [];
  const requests = [
    { headers: health.headers, path: ['health'] },
    { headers: health.websocket?.headers ?? {}, path: ['health', 'websocket'] },
    ...suites.flatMap((suite, n) =>
      suite.kind === 'command'
        ? []
        : requestsOf(suite).map(({ path, ...request }) => ({ ...request, path: ['suites', n, ...path] })),
    ),
  ];
  return requests.flatMap(({ headers, path }) =>
    Object.keys(headers)
      .filter((name) => name.toLowerCase() === 'x-forwarded-host')
      .map((name) => ({
        keys: [[...path, 'headers', name]],
        message: `health.host is sent as ${name}`,
        fix: 'remove the header, or health.host',
      })),
  );
}

interface SentRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly path: ConfigPath;
}

function requestsOf({ kind, checks }: Exclude<Suite, { kind: 'command' }>): readonly SentRequest[] {
  if (kind === 'websocket') return checks.map(({ headers }, c) => ({ headers, path: ['checks', c] }));
  return checks.flatMap((check, c) =>
    stepsOf(check).map(({ headers }, s) => ({
      headers,
      path: ['checks', c, ...(check.steps ? ['steps', s] : [])],
    })),
  );
}

const filledIn = ['headers', 'expect', 'warn'] as const;
const variables = buildVariables.map((name) => `\${${name}}`).join(', ');

function checkReferences(health: Health): readonly Limit[] {
  return filledIn.flatMap((key) =>
    referencesIn(health[key], ['health', key])
      .filter(({ name }) => !isBuildVariable(name))
      .map(({ name, path }) => ({
        keys: [path],
        message: `\${${name}} is not known`,
        fix: `use one of ${variables}; health knows no secrets`,
      })),
  );
}

/** Without conditions anything passes, and that is hardly what was meant. */
function checkEmptyList(health: Health): readonly Limit[] {
  return (['expect', 'warn'] as const).flatMap((key) => {
    const json = health[key]?.json;
    if (!Array.isArray(json) || json.length > 0) return [];
    const message = 'the list has no conditions';
    const fix = 'write conditions, or `- { path: $, equals: [] }` for an empty list';
    return [{ keys: [['health', key, 'json']], message, fix }];
  });
}
