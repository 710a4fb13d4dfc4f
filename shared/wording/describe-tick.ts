import type { HealthFactRecord } from '../contracts/records.ts';
import type { ProbeOutcome } from '../domain/health/probe-outcome.ts';
import { describeRepeated } from '../domain/health/repeated-checks.ts';
import type { RequestWindow } from '../domain/health/request-window.ts';
import { countOf } from '../domain/render/count-of.ts';

/** `#2  HTTP 503, expected 200 | stable: good in 21 ms` */
export function describeTick(fact: HealthFactRecord): string {
  const candidate = fact.candidate
    ? describeOutcome(fact.candidate)
    : `${fact.readiness}${fact.readinessDetail ? `: ${fact.readinessDetail}` : ''}`;
  const stable = fact.stable ? ` | stable: ${describeOutcome(fact.stable)}` : '';
  const requests = fact.requests ? ` | users: ${describeWindow(fact.requests)}` : '';
  const checks = fact.checks ? ` | checks: ${describeRepeated(fact.checks)}` : '';
  const spreading = fact.counts ? '' : '  (not counted: traffic is still propagating)';
  return `#${fact.n + 1}  ${candidate}${stable}${requests}${checks}${spreading}`;
}

function describeOutcome(outcome: ProbeOutcome): string {
  switch (outcome.kind) {
    case 'good':
      return `good in ${Math.round(outcome.latencyMs)} ms${outcome.warning ? ` (degraded: ${outcome.warning})` : ''}`;
    case 'bad':
      return outcome.detail;
    default:
      return `unknown (${outcome.cause}): ${outcome.detail}`;
  }
}

function describeWindow(window: RequestWindow): string {
  if (window.kind === 'unreadable') return `no request log (${window.cause}): ${window.detail}`;
  const slow = window.p95Ms === undefined ? '' : `, p95 ${Math.round(window.p95Ms)} ms`;
  return `${countOf(window.requests, 'request')}, ${window.serverErrors} with 5xx${slow}`;
}
