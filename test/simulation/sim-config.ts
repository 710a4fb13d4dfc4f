import { builtInDefaults, type Config } from '../../shared/contracts/config.ts';
import { aConfig, aServiceConfig } from '../builders.ts';

/** Short budgets, so that a schedule has few steps; everything else as people have it. */
export function simConfig(): Config {
  const health = {
    ...builtInDefaults.health,
    path: '/health',
    expect: { ...builtInDefaults.health.expect, json: { status: 'healthy' } },
    interval: '5s',
    startupBudget: '40s',
    successes: 2,
    failureThreshold: 2,
  };
  return aConfig(aServiceConfig({ health }));
}
