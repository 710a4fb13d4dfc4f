import { builtInDefaults, type Config, type ServiceConfig } from '../../shared/contracts/config.ts';
import type { ServiceRef } from '../../shared/domain/ids.ts';
import { aConfig, aServiceConfig, aSuite } from '../builders.ts';
import type { Setting } from './setting.ts';

/** Short budgets, so that a schedule has few steps; everything else as people have it. */
export function simConfig(
  { mode, requestLog: use, checks, freeze = [] }: Pick<Setting, 'mode' | 'requestLog' | 'checks' | 'freeze'>,
  refs: readonly ServiceRef[],
  changes: Partial<ServiceConfig> = {},
): Config {
  const health = {
    ...builtInDefaults.health,
    path: '/health',
    expect: { ...builtInDefaults.health.expect, json: { status: 'healthy' } },
    interval: '5s',
    startupBudget: '40s',
    successes: 2,
    failureThreshold: 2,
  };
  const requestLog = { ...builtInDefaults.requestLog, use, window: '20s', lag: '10s', minimum: 3 } as const;
  const watch = { for: '80s', minimum: '40s', interval: '10s' };
  const steps = [
    { percent: 30, hold: '45s' },
    { percent: 100, hold: '20s' },
  ];
  const suites =
    checks.length > 0 ? [aSuite({ priority: 'P1', checks, timeout: '2s', suiteTimeout: '1m' })] : [];
  const tests = { ...builtInDefaults.tests, workers: 3, timeout: '10m' };
  const settings = { mode, steps, health, watch, requestLog, suites, tests, freeze, ...changes };
  const config = aConfig(...refs.map((ref) => aServiceConfig({ ...settings, ...ref, name: ref.service })));
  const group = { name: 'shop', services: refs.map(({ service }) => service), sameVersion: 'label:version' };
  return refs.length > 1 ? { ...config, groups: [group] } : config;
}
