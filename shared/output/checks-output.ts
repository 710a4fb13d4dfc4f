import type { FailureReport } from '../contracts/failure-report.ts';
import type { PlanHeadRecord } from '../contracts/records.ts';
import { orNull, timeOf } from './values.ts';

export function plannedOutput(head: PlanHeadRecord) {
  const { checks, counted, shards, workers, problems, warnings = [], unreachable, share, stable, at } = head;
  return {
    checks,
    counted,
    shards,
    workers,
    problems,
    warnings,
    unreachable: orNull(unreachable),
    percent: share,
    stable: orNull(stable),
    at: timeOf(at),
  };
}

/** A check that did not simply pass. */
export function failureOutput(failure: FailureReport) {
  const {
    suite,
    id,
    priority,
    settlement,
    quarantined,
    warns = false,
    detail,
    owner,
    impact,
    quarantine,
  } = failure;
  return {
    suite,
    id,
    priority,
    settlement,
    quarantined,
    warns,
    detail: orNull(detail),
    owner: orNull(owner),
    impact: impactOutput(impact),
    quarantine: quarantine ? { ...quarantine, reason: orNull(quarantine.reason) } : null,
  };
}

export function impactOutput(impact: FailureReport['impact']) {
  return impact ? { text: impact.text, mrrUsd: orNull(impact.mrrUsd) } : null;
}
