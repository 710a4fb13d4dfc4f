import type { ServiceConfig } from '../../contracts/config.ts';
import { buildVariables, isBuildVariable } from '../../contracts/expectations/build-variables.ts';
import { asksForBody } from '../../contracts/expectations/expectation.ts';
import { referencesIn } from '../../contracts/suites/references.ts';
import type { Limit } from './finding.ts';

/** What the probe asks, seen together with what is expected of the response. */
export function checkHealth(service: ServiceConfig): readonly Limit[] {
  const { health } = service;
  return [
    ...checkBodies(health),
    ...checkReferences(health),
    ...checkEmptyList(health),
    ...checkVia(service),
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
