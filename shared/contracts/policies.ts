import type { TargetPolicy } from '../domain/choose-rollback-target.ts';
import type { Expectation } from '../domain/classify-response.ts';
import type { StagePolicy } from '../domain/decide-stage.ts';
import type { AllowancePolicy } from '../domain/rollback-allowance.ts';
import type { ServiceConfig } from './config.ts';
import { durationMs } from './duration.ts';

/** What the pure rules need of a service's config, in milliseconds. */
export function stagePolicyOf(config: ServiceConfig): StagePolicy {
  const { successes, failureThreshold, startupBudget } = config.health;
  return {
    health: { successes, failureThreshold, startupBudgetMs: durationMs(startupBudget) },
    rollback: config.rollback.policy,
  };
}

export function expectationOf(config: ServiceConfig): Expectation {
  const { status, json, headers, latency } = config.health.expect;
  return { status, json, headers, latencyMs: durationMs(latency) };
}

export function targetPolicyOf(config: ServiceConfig): TargetPolicy {
  return { maxAgeMs: durationMs(config.rollback.maxAge), maxRevisions: config.rollback.maxRevisions };
}

export function allowancePolicyOf(config: ServiceConfig): AllowancePolicy {
  return { cooldownMs: durationMs(config.rollback.cooldown), perDay: config.rollback.perDay };
}

/** How long a tag's URL may take to answer. */
export const tagReadyMs = 60_000;
/** How long a revision may take to become ready, or an older run to close. */
export const readyTimeoutMs = 15 * 60_000;

/** When a stage is decided with what there is: its budgets, and a full round of probes at the end. */
export function stageTimeoutMs(config: ServiceConfig): number {
  const { startupBudget, successes, failureThreshold, interval, timeout } = config.health;
  const round = (successes + failureThreshold) * (durationMs(interval) + 2 * durationMs(timeout));
  return tagReadyMs + durationMs(config.spread) + durationMs(startupBudget) + round;
}
