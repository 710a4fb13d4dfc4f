import {
  builtInDefaults,
  type Config,
  ConfigSchema,
  type ServiceConfig,
} from '../shared/contracts/config.ts';
import { type HttpSuite, HttpSuiteSchema } from '../shared/contracts/suites/http-suite.ts';
import type { Suite } from '../shared/contracts/suites/suite.ts';
import type { Build } from '../shared/domain/build.ts';
import type { Priority } from '../shared/domain/checks/priorities.ts';
import type { HealthFact } from '../shared/domain/health/health-fact.ts';
import type { BuildId, ServiceRef } from '../shared/domain/ids.ts';

/** Valid things to vary in tests. */
export const aRef: ServiceRef = { project: 'acme-staging', region: 'us-central1', service: 'web' };

/** What a test changes of a service's config; the rest of a watch may be left out. */
export type ServiceChanges = Partial<Omit<ServiceConfig, 'watch'>> & {
  readonly watch?: Partial<ServiceConfig['watch']>;
};

export function aServiceConfig({ watch: watched, ...changes }: ServiceChanges = {}): ServiceConfig {
  const health = {
    ...builtInDefaults.health,
    path: '/health',
    expect: { ...builtInDefaults.health.expect, json: { status: 'healthy' } },
  };
  // Nothing to wait for: a revision that is healthy is recorded as good after one more look.
  const watch = { ...builtInDefaults.watch, for: '0s', minimum: '0s', ...watched };
  const config = { ...structuredClone(builtInDefaults), name: 'web', ...aRef, health, watch, ...changes };
  return ConfigSchema.shape.services.element.parse(config);
}

/** A suite of checks that ask nothing: what runs them in tests is a fake. */
export function aSuite(
  changes: { name?: string; priority?: Priority; checks?: readonly string[] } & Partial<
    Omit<HttpSuite, 'checks'>
  > = {},
): HttpSuite {
  const { checks = ['a', 'b', 'c'], ...rest } = changes;
  return HttpSuiteSchema.parse({
    name: 'api',
    kind: 'http',
    priority: 'P1',
    ...rest,
    checks: checks.map((name) => ({ name, path: '/' })),
  });
}

/** The ids of a suite's checks, as its runner would collect them. */
export function suiteChecks(suite: Suite): readonly string[] {
  return suite.kind === 'command' ? [] : suite.checks.map(({ name }) => name);
}

export function aConfig(...services: ServiceConfig[]): Config {
  return { version: 1, services: services.length > 0 ? services : [aServiceConfig()] };
}

export function aBuild(changes: Partial<Build> = {}): Build {
  const id = changes.id ?? ('11111111-2222-3333-4444-555555555555' as BuildId);
  return {
    id,
    name: `projects/123456/locations/us-central1/builds/${id}`,
    projectId: aRef.project,
    status: 'SUCCESS',
    startTime: new Date('2026-03-02T08:55:00Z'),
    finishTime: new Date('2026-03-02T09:00:00Z'),
    triggerId: undefined,
    substitutions: {},
    stepOutputs: [],
    serviceAccount: undefined,
    ...changes,
  };
}

export function aFact(n: number, changes: Partial<HealthFact> = {}): HealthFact {
  return {
    n,
    at: new Date(Date.parse('2026-03-02T09:00:00Z') + n * 2000),
    readiness: 'ready',
    share: 100,
    counts: true,
    ...changes,
  };
}
