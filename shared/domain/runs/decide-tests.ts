import { assertNever } from '../assert-never.ts';
import { assessTests } from '../checks/assess-tests.ts';
import { assessHealth } from '../health/assess-health.ts';
import { blamed, decideFailed } from './decide-failed.ts';
import { decideHealthy } from './decide-healthy.ts';
import { type Decision, withhold } from './decision.ts';
import type { StageFacts, StagePolicy } from './stage-facts.ts';

/**
 * Decides stage `tests`, or returns undefined while the facts do not suffice. If a burst of failures had the revision
 * probed again, the rules of health go first: they distinguish a deployment that is down from a broken dependency.
 */
export function decideTests(facts: StageFacts, policy: StagePolicy): Decision | undefined {
  const { tests, deadlinePassed } = facts;
  if (!tests || !policy.tests) throw new TypeError('stage tests has no facts');
  const health = assessHealth(facts.health, policy.health);
  if (health.kind === 'failed') return decideFailed(health, facts, policy);
  const assessment = assessTests(tests, policy.tests, deadlinePassed);
  if (assessment.kind !== 'failed' && isBurstOpen(facts, policy)) return undefined;
  switch (assessment.kind) {
    case 'running':
      return undefined;
    case 'failed':
      return blamed(facts, policy, [{ code: 'regression', text: assessment.detail }]);
    case 'unknown':
      return withhold(facts, assessment.cause, assessment.detail);
    case 'passed':
      return decideHealthy(facts, policy, [{ code: 'tests-passed', text: assessment.note }]);
    default:
      return assertNever(assessment);
  }
}

/**
 * True: checks all failed alike, and the rules of health have not judged that yet. They need a look after the burst,
 * whatever was observed before.
 */
export function isBurstOpen({ tests, health, deadlinePassed }: StageFacts, policy: StagePolicy): boolean {
  const burstAt = tests?.burstAt;
  if (burstAt === undefined || deadlinePassed) return false;
  return !health.some(({ at }) => at > burstAt) || assessHealth(health, policy.health).kind === 'probing';
}
