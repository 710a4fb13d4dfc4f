import { assertNever } from './assert-never.ts';
import { assessHealth, type HealthAssessment, type HealthPolicy } from './assess-health.ts';
import type { HealthFact } from './health-fact.ts';
import type { RevisionName } from './ids.ts';
import type { Authority, Stage } from './stages.ts';
import type { Action, Reason, Verdict } from './verdict.ts';

/** Everything that a decision may depend on. */
export interface StageFacts {
  readonly stage: Stage;
  readonly startedAt: Date;
  readonly health: readonly HealthFact[];
  /** The newer revision that has taken over. */
  readonly supersededBy?: RevisionName | undefined;
  /** Why no automatic write may be made for this service. */
  readonly frozen?: string | undefined;
  /** The stage's time is up: decide with what there is. */
  readonly deadlinePassed: boolean;
  readonly authority: Authority;
}

export interface StagePolicy {
  readonly health: HealthPolicy;
  readonly rollback: 'auto' | 'freeze' | 'notify';
}

export interface Decision {
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  readonly action: Action;
  /** True: a human should look now. */
  readonly alert: boolean;
  /** Why no automatic write may follow until a human lifts the freeze. */
  readonly freeze?: string | undefined;
}

/**
 * Decides a stage, or says that the facts do not suffice yet (undefined). Pure; the order of precedence is written
 * here and nowhere else: superseded, frozen, then what the probes amount to.
 */
export function decideStage(facts: StageFacts, policy: StagePolicy): Decision | undefined {
  if (facts.supersededBy !== undefined) {
    return quiet('superseded', 'superseded', `revision ${facts.supersededBy} has taken over`);
  }
  if (facts.frozen !== undefined && facts.stage === 'health') {
    return quiet('inconclusive', 'frozen', `automatic action is frozen: ${facts.frozen}`);
  }
  const assessment = assessHealth(facts.health, { ...policy.health, patient: facts.stage === 'reverify' });
  if (assessment.kind === 'probing') {
    return facts.deadlinePassed
      ? { ...quiet('inconclusive', 'deadline', deadlineText(facts)), alert: true }
      : undefined;
  }
  return facts.stage === 'health' ? decideHealth(assessment, facts, policy) : decideReverify(assessment);
}

type Settled = Exclude<HealthAssessment, { kind: 'probing' }>;

function decideHealth(assessment: Settled, facts: StageFacts, policy: StagePolicy): Decision {
  switch (assessment.kind) {
    case 'healthy':
      return decideHealthy(facts);
    case 'unknown':
      return quiet('inconclusive', assessment.cause, assessment.detail);
    case 'failed':
      return decideFailed(assessment, facts, policy);
    default:
      return assertNever(assessment);
  }
}

function decideHealthy(facts: StageFacts): Decision {
  const share = facts.health.at(-1)?.share ?? 0;
  if (facts.authority === 'observe') return quiet('pass', 'healthy', 'answers as expected');
  if (share > 0) return { ...quiet('pass', 'healthy', 'answers as expected'), action: 'mark-good' };
  return quiet(
    'pass',
    'healthy-without-traffic',
    'answers as expected, but no traffic reaches it: not recorded as good',
  );
}

/** Who is to blame: the same probe on the stable revision tells. */
function decideFailed(
  failed: Extract<Settled, { kind: 'failed' }>,
  facts: StageFacts,
  policy: StagePolicy,
): Decision {
  const { failure, detail, comparison } = failed;
  const reason: Reason = { code: failure, text: detail };
  const alerting = (verdict: Verdict, ...reasons: Reason[]): Decision => ({
    verdict,
    reasons,
    action: 'none',
    alert: true,
  });
  if (failure === 'never-ready') return alerting('fail', reason);
  switch (comparison.kind) {
    case 'stable-good':
      return blamed(facts, policy, [
        reason,
        { code: 'stable-good', text: 'the same probe is good on the stable revision' },
      ]);
    case 'stable-bad':
      return alerting(
        'inconclusive',
        { code: 'dependency', text: `the stable revision fails too: ${comparison.detail}` },
        reason,
      );
    case 'stable-unreachable': {
      const unreachable: Reason = { code: 'stable-unreachable', text: comparison.detail };
      // The target's own probe, just before it gets traffic, then stands in for the comparison.
      if (failed.everyAnswerHard) return blamed(facts, policy, [reason, unreachable]);
      return alerting('inconclusive', unreachable, reason);
    }
    case 'not-compared':
      return alerting('fail', reason, {
        code: 'not-compared',
        text: 'there is no stable revision to compare with',
      });
    default:
      return assertNever(comparison);
  }
}

function blamed(facts: StageFacts, policy: StagePolicy, reasons: readonly Reason[]): Decision {
  const refusal = rollbackRefusal(facts, policy);
  if (refusal) {
    const freeze = refusal.code === 'policy-freeze' ? refusal.text : undefined;
    return { verdict: 'fail', reasons: [...reasons, refusal], action: 'none', alert: true, freeze };
  }
  return { verdict: 'fail', reasons, action: 'rollback', alert: true };
}

function rollbackRefusal(facts: StageFacts, policy: StagePolicy): Reason | undefined {
  if (facts.authority !== 'full') {
    return { code: facts.authority, text: 'this run tells and never moves traffic' };
  }
  if (policy.rollback === 'auto') return undefined;
  return { code: `policy-${policy.rollback}`, text: `rollback.policy is ${policy.rollback}` };
}

/** After a rollback: does the service answer again? A second automatic write is never the answer. */
function decideReverify(assessment: Settled): Decision {
  switch (assessment.kind) {
    case 'healthy':
      return quiet('pass', 'restored', 'the service answers as expected again');
    case 'unknown':
      return { ...quiet('inconclusive', assessment.cause, assessment.detail), alert: true };
    case 'failed':
      return unrestored(`still failing after the rollback: ${assessment.detail}`);
    default:
      return assertNever(assessment);
  }
}

function unrestored(text: string): Decision {
  return { ...quiet('fail', 'unrestored', text), alert: true, freeze: text };
}

function quiet(verdict: Verdict, code: string, text: string): Decision {
  return { verdict, reasons: [{ code, text }], action: 'none', alert: false };
}

function deadlineText(facts: StageFacts): string {
  return `no answer to stage ${facts.stage} before its deadline (${facts.health.length} ticks)`;
}
