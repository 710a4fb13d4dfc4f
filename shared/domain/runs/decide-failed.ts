import { assertNever } from '../assert-never.ts';
import type { HealthAssessment } from '../health/assess-health.ts';
import { stepOf } from '../stages.ts';
import type { Reason, Verdict } from '../verdict.ts';
import type { Decision } from './decision.ts';
import type { StageFacts, StagePolicy } from './stage-facts.ts';

/** Who is at fault: the same probe on the stable revision decides. */
export function decideFailed(
  failed: Extract<HealthAssessment, { kind: 'failed' }>,
  facts: StageFacts,
  policy: StagePolicy,
): Decision {
  const { failure, detail, comparison } = failed;
  const reason: Reason = { code: failure, text: detail };
  const alerting = (verdict: Verdict, ...reasons: Reason[]): Decision => ({
    verdict,
    reasons,
    action: stepOf(facts.stage) > 0 ? 'hold' : 'none',
    alert: true,
  });
  if (failure === 'never-ready') return alerting('fail', reason);
  switch (comparison.kind) {
    case 'stable-good':
      return blamed(facts, policy, [
        reason,
        { code: 'stable-good', text: 'the same probe passes on the stable revision' },
      ]);
    case 'stable-bad':
      return alerting(
        'inconclusive',
        { code: 'dependency', text: `the stable revision fails too: ${comparison.detail}` },
        reason,
      );
    case 'stable-unreachable': {
      const unreachable: Reason = { code: 'stable-unreachable', text: comparison.detail };
      // Instead of the comparison, the rollback probes the target just before it gets traffic.
      if (failed.everyAnswerHard) return blamed(facts, policy, [reason, unreachable]);
      return alerting('inconclusive', unreachable, reason);
    }
    case 'no-baseline':
      return alerting('inconclusive', reason, {
        code: 'no-baseline',
        text: 'the earlier state of the stable revision is unknown: nothing to compare with',
      });
    case 'not-compared':
      return alerting('fail', reason, {
        code: 'not-compared',
        text: 'there is no stable revision to compare with',
      });
    default:
      return assertNever(comparison);
  }
}

/**
 * It does worse than the stable revision: traffic goes back, unless a policy, a pin or missing authority forbids it.
 */
export function blamed(facts: StageFacts, policy: StagePolicy, reasons: readonly Reason[]): Decision {
  const refusal = refuseWithoutTraffic(facts) ?? rollbackRefusal(facts, policy);
  if (refusal) {
    const freeze = refusal.code === 'policy-freeze' ? refusal.text : undefined;
    const action = stepOf(facts.stage) > 0 ? 'hold' : 'none';
    return { verdict: 'fail', reasons: [...reasons, refusal], action, alert: true, freeze };
  }
  return { verdict: 'fail', reasons, action: 'rollback', alert: true };
}

function refuseWithoutTraffic({ share }: StageFacts): Reason | undefined {
  if (share > 0) return undefined;
  return { code: 'no-traffic', text: 'it has no traffic: nothing to roll back' };
}

function rollbackRefusal(facts: StageFacts, policy: StagePolicy): Reason | undefined {
  if (facts.authority !== 'full') {
    return { code: facts.authority, text: 'this run only reports, and never moves traffic' };
  }
  if (facts.pinnedBy === 'human') return { code: 'human-pin', text: 'traffic is pinned manually' };
  if (policy.rollback === 'auto') return undefined;
  return { code: `policy-${policy.rollback}`, text: `rollback.policy is ${policy.rollback}` };
}
