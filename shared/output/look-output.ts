import type { HealthFactRecord } from '../contracts/records.ts';
import type { ProbeOutcome } from '../domain/health/probe-outcome.ts';
import type { RepeatedChecks } from '../domain/health/repeated-checks.ts';
import type { RequestWindow } from '../domain/health/request-window.ts';
import { orNull, timeOf } from './values.ts';

/** One look at the revision. */
export function lookOutput(fact: HealthFactRecord) {
  const { stage, n, at, readiness, readinessDetail, share, counts } = fact;
  return {
    stage,
    n,
    at: timeOf(at),
    readiness,
    readinessDetail: orNull(readinessDetail),
    percent: share,
    counts,
    candidate: probeOutput(fact.candidate),
    edge: probeOutput(fact.edge),
    stable: probeOutput(fact.stable),
    requests: requestsOutput(fact.requests),
    stableRequests: requestsOutput(fact.stableRequests),
    checks: repeatedOutput(fact.checks),
  };
}

const noProbe = { status: null, latencyMs: null, fault: null, cause: null, detail: null, warning: null };

function probeOutput(outcome: ProbeOutcome | undefined) {
  if (!outcome) return null;
  const { kind } = outcome;
  switch (outcome.kind) {
    case 'good': {
      const { status, latencyMs, warning } = outcome;
      return { ...noProbe, kind, status, latencyMs, warning: orNull(warning) };
    }
    case 'bad': {
      const { status, latencyMs, fault, detail } = outcome;
      return { ...noProbe, kind, status: orNull(status), latencyMs, fault, detail };
    }
    default:
      return { ...noProbe, kind, cause: outcome.cause, detail: outcome.detail };
  }
}

const noRequests = { requests: null, serverErrors: null, p95Ms: null, cause: null, detail: null };

function requestsOutput(window: RequestWindow | undefined) {
  if (!window) return null;
  const { kind } = window;
  const time = { kind, from: timeOf(window.from), to: timeOf(window.to) };
  if (window.kind === 'unreadable')
    return { ...noRequests, ...time, cause: window.cause, detail: window.detail };
  const { requests, serverErrors, p95Ms } = window;
  return { ...noRequests, ...time, requests, serverErrors, p95Ms: orNull(p95Ms) };
}

function repeatedOutput(checks: RepeatedChecks | undefined) {
  if (!checks) return null;
  return {
    revision: checks.revision,
    passed: checks.passed,
    failed: checks.failed.map(({ suite, id, detail }) => ({ suite, id, detail: orNull(detail) })),
    unseen: checks.unseen.map((unseen) => ({ cause: unseen.cause, checks: unseen.checks })),
  };
}
