import type { TestPolicy } from '../domain/checks/assess-tests.ts';
import type { HealthPolicy } from '../domain/health/assess-health.ts';
import { isFoundByRequests, type RequestPolicy } from '../domain/health/assess-requests.ts';
import { maxReadings } from '../domain/health/next-window.ts';
import type { OpenPolicy } from '../domain/runs/open-run.ts';
import { type StagePolicy, soakMs } from '../domain/runs/stage-facts.ts';
import { isSoak, type Stage, stepOf, stepStage } from '../domain/stages.ts';
import type { TargetPolicy } from '../domain/traffic/choose-rollback-target.ts';
import type { AllowancePolicy } from '../domain/traffic/decide-rollback.ts';
import type { Reason } from '../domain/verdict.ts';
import type { ServiceConfig } from './config.ts';
import { durationMs } from './duration.ts';

/**
 * The part of a service's config that the rules need, with durations in milliseconds.
 * @param run the run's own additions: a candidate that changed a schema, a shorter watch, the reason for a rollback
 */
export function stagePolicyOf(
  config: ServiceConfig,
  stage: Stage,
  {
    migration,
    watchMs,
    reasons = [],
  }: {
    readonly migration?: boolean | undefined;
    readonly watchMs?: number | undefined;
    readonly reasons?: readonly Reason[];
  } = {},
): StagePolicy {
  return {
    health: healthPolicyOf(config, stage),
    requests: requestPolicyOf(config, stage, reasons),
    repeatsChecks: stage === 'reverify' && reasons.some(({ code }) => code === 'regression'),
    // Older code on a newer schema may do worse than fail.
    rollback: migration && config.rollback.policy === 'auto' ? 'freeze' : config.rollback.policy,
    mode: config.mode,
    steps: config.steps.map(({ percent, hold }) => ({ percent, soakMs: durationMs(hold) })),
    watch: {
      forMs: durationMs(config.watch.for),
      minimumMs: durationMs(config.watch.minimum),
      maxGapMs: Math.max(60_000, durationMs(config.watch.interval) + 2 * durationMs(config.health.timeout)),
      cutMs: watchMs,
    },
    tests: config.suites.length > 0 ? testPolicyOf(config) : undefined,
  };
}

function healthPolicyOf({ health, watch }: ServiceConfig, stage: Stage): HealthPolicy {
  const { successes, failureThreshold, startupBudget, startupGrace, wrongFor } = health;
  return {
    successes,
    failureThreshold,
    startupBudgetMs: durationMs(startupBudget),
    // A healthy revision has started.
    startupGraceMs: stage === 'health' ? durationMs(startupGrace) : 0,
    wrongForMs: durationMs(wrongFor),
    waitsWithoutUsers: stage === 'health',
    badSharePercent: watch.badShare,
  };
}

function testPolicyOf({ tests }: ServiceConfig): TestPolicy {
  const { gates, p95, errored, suspect } = tests;
  return { gates, p95Ms: durationMs(p95), erroredPercent: errored, suspect };
}

function requestPolicyOf(
  { requestLog }: ServiceConfig,
  stage: Stage,
  reasons: readonly Reason[],
): RequestPolicy {
  const { use, window, lag, minimum, errors, p95, windows } = requestLog;
  const auto = stepOf(stage) > 0 ? 'required' : 'when-enough';
  return {
    use: stage === 'reverify' && !isFoundByRequests(reasons) ? 'off' : use === 'auto' ? auto : use,
    windowMs: durationMs(window),
    lagMs: durationMs(lag),
    minimum,
    maxErrorPercent: errors,
    maxP95Ms: p95 === undefined ? undefined : durationMs(p95),
    windows,
  };
}

export function targetPolicyOf(config: ServiceConfig): TargetPolicy {
  return { maxAgeMs: durationMs(config.rollback.maxAge), maxRevisions: config.rollback.maxRevisions };
}

export function allowancePolicyOf(config: ServiceConfig): AllowancePolicy {
  return { cooldownMs: durationMs(config.rollback.cooldown), perDay: config.rollback.perDay };
}

export function openPolicyOf(config: ServiceConfig): OpenPolicy {
  return {
    healthTimeoutMs: stageTimeoutMs(config, 'health'),
    readyTimeoutMs,
    queueTimeoutMs: queueTimeoutMs(config),
  };
}

/** The time limit for a tag's URL to respond. */
export const tagReadyMs = 60_000;
/** The time limit for a revision to become ready. */
export const readyTimeoutMs = 15 * 60_000;

/** The time limit for an older run to end: all its stages, and a rollback. */
export function queueTimeoutMs(config: ServiceConfig): number {
  const steps = config.mode === 'canary' ? config.steps.map((_step, n) => stepStage(n + 1)) : [];
  const ahead: readonly Stage[] = ['health', 'tests', ...steps, 'watch', 'reverify'];
  return readyTimeoutMs + ahead.reduce((total, stage) => total + stageTimeoutMs(config, stage), 0);
}

/** When a stage is decided with the available facts: after its budgets and one full round of probes. */
export function stageTimeoutMs(config: ServiceConfig, stage: Stage): number {
  if (stage === 'tests') return config.suites.length > 0 ? tagReadyMs + durationMs(config.tests.timeout) : 0;
  const { startupBudget, successes, failureThreshold, timeout } = config.health;
  const pauseMs = tickPauseMs(config, stage);
  const round = (successes + failureThreshold) * (pauseMs + 2 * durationMs(timeout));
  return (
    tagReadyMs +
    durationMs(config.propagation) +
    round +
    (isSoak(stage) ? soakTimeoutMs(config, stage) : durationMs(startupBudget)) +
    (stage === 'reverify' ? usersTimeoutMs(config) + checksTimeoutMs(config) : 0)
  );
}

/** One window of users' requests after a rollback, until its log has arrived and been read, at the pace of a watch. */
function usersTimeoutMs({ requestLog, watch, health }: ServiceConfig): number {
  if (requestLog.use === 'off') return 0;
  const looks = health.successes + maxReadings;
  return durationMs(requestLog.window) + durationMs(requestLog.lag) + looks * durationMs(watch.interval);
}

/** The time limit for running all failed checks again after a rollback. */
export const repeatChecksMs = 120_000;

/** The failed checks, and the wait until no other revision can answer them. */
function checksTimeoutMs({ suites }: ServiceConfig): number {
  return suites.length > 0 ? tagReadyMs + repeatChecksMs : 0;
}

/** The soak itself, the time lost in gaps, and the wait for the log of its last window and of the confirming ones. */
function soakTimeoutMs(config: ServiceConfig, stage: Stage): number {
  const policy = stagePolicyOf(config, stage);
  const { use, windowMs, lagMs, windows } = policy.requests;
  const fullMs = soakMs(stage, policy, false);
  const logMs = lagMs + Math.max(1, windows - 1) * (windowMs + lagMs);
  return fullMs * 1.25 + (use === 'off' || windowMs > fullMs ? 0 : logMs);
}

/** The pause between two ticks of a stage while all is well: a revision with users is probed at the pace of a watch. */
export function tickPauseMs(config: ServiceConfig, stage: Stage, reasons: readonly Reason[] = []): number {
  const watches = isSoak(stage) || (stage === 'reverify' && isFoundByRequests(reasons));
  return durationMs(watches ? config.watch.interval : config.health.interval);
}
