import { answersOf } from './answers-of.ts';
import {
  assessHealth,
  type HealthAssessment,
  type HealthFailure,
  type HealthPolicy,
  isBudgetSpent,
} from './assess-health.ts';
import { assessRequests, type RequestPolicy } from './assess-requests.ts';
import { badShareOf } from './bad-share.ts';
import { concludeRequests } from './conclude-requests.ts';
import type { HealthFact } from './health-fact.ts';
import { nextWindow } from './next-window.ts';
import { describeFailing, describeRepeated } from './repeated-checks.ts';

export interface RestoredPolicy {
  readonly health: HealthPolicy;
  /** `off`: users' requests were not the reason for the rollback, so probes alone show whether it helped. */
  readonly requests: RequestPolicy;
  /** True: checks were the reason for the rollback, so the failed ones are run again. */
  readonly repeatsChecks?: boolean | undefined;
}

/**
 * Judges the looks after a rollback: do users get good responses again, also by the criterion that had failed before?
 */
export function assessRestored(facts: readonly HealthFact[], policy: RestoredPolicy): HealthAssessment {
  const answered = assessAnswers(facts, policy);
  if (answered.kind !== 'healthy' || !policy.repeatsChecks) return answered;
  const repeated = facts.findLast(({ checks }) => checks !== undefined)?.checks;
  if (!repeated) return { kind: 'probing' };
  const failing = describeFailing(repeated);
  if (failing !== undefined) return failed('regression', failing);
  const checks = `the checks that had failed: ${describeRepeated(repeated)}`;
  return { kind: 'healthy', note: answered.note === undefined ? checks : `${answered.note}; ${checks}` };
}

/** True: everything else is well again, so the failed checks can be run now. */
export function awaitsChecks(facts: readonly HealthFact[], policy: RestoredPolicy): boolean {
  const isDue = policy.repeatsChecks === true && facts.every(({ checks }) => checks === undefined);
  return isDue && assessAnswers(facts, policy).kind === 'healthy';
}

function assessAnswers(facts: readonly HealthFact[], { health, requests }: RestoredPolicy): HealthAssessment {
  const probed = assessHealth(facts, { ...health, patient: true });
  if (probed.kind !== 'healthy') return probed;
  const answers = answersOf(facts);
  const since = answers.slice(answers.findIndex(({ candidate }) => candidate?.kind === 'good'));
  const bad = since.filter(({ candidate }) => candidate?.kind === 'bad');
  const share = badShareOf(bad, since, health.badSharePercent);
  if (share.percent > health.badSharePercent)
    return isBudgetSpent(facts, health) ? failed('flapping', share.text) : { kind: 'probing' };
  if (requests.use === 'off') return probed;
  if (nextWindow(facts, { forMs: requests.windowMs, requests })) return { kind: 'probing' };
  const users = assessRequests(facts, { ...requests, windows: 1 });
  if (users.kind === 'breached') return failed(users.failure, users.detail);
  return concludeRequests(users, requests);
}

function failed(failure: HealthFailure, detail: string): HealthAssessment {
  return { kind: 'failed', failure, detail, comparison: { kind: 'not-compared' }, everyAnswerHard: false };
}
