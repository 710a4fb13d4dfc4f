import { assertNever } from './assert-never.ts';
import { assessHealth, type HealthAssessment, type HealthPolicy } from './assess-health.ts';
import { assessHold, watchedMs } from './assess-hold.ts';
import type { RequestPolicy } from './assess-requests.ts';
import type { HealthFact } from './health-fact.ts';
import type { RevisionName } from './ids.ts';
import { type Authority, isHold, type Mode, type Stage, stepOf, stepStage } from './stages.ts';
import type { Action, Reason, Verdict } from './verdict.ts';

/** Everything that a decision may depend on. */
export interface StageFacts {
  readonly stage: Stage;
  readonly startedAt: Date;
  readonly health: readonly HealthFact[];
  /** The newer revision that has taken over. */
  readonly supersededBy?: RevisionName | undefined;
  /** The newer ready revision that waits for this run to end. */
  readonly awaitedBy?: RevisionName | undefined;
  /** Why a person gave this run up. */
  readonly aborted?: string | undefined;
  /** Why no automatic write may be made for this service. */
  readonly frozen?: string | undefined;
  /** True: a person wants nothing to get more traffic for now. */
  readonly paused?: boolean | undefined;
  /** Whose pin the service's traffic is; absent: nobody's. */
  readonly pinnedBy?: 'guard' | 'human' | undefined;
  /** The stage's time is up: decide with what there is. */
  readonly deadlinePassed: boolean;
  readonly authority: Authority;
}

export interface StagePolicy {
  readonly health: HealthPolicy;
  readonly requests: RequestPolicy;
  readonly rollback: 'auto' | 'freeze' | 'notify';
  readonly mode: Mode;
  /** The steps of a canary. */
  readonly steps: readonly CanaryStep[];
  readonly watch: WatchPolicy;
}

export interface WatchPolicy {
  readonly forMs: number;
  /** What has been watched for less is not recorded as good. */
  readonly minimumMs: number;
  /** What the person who asked for the run has time for; absent: `forMs`. */
  readonly cutMs?: number | undefined;
}

export interface CanaryStep {
  readonly percent: number;
  readonly holdMs: number;
}

export interface Decision {
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  readonly action: Action;
  /** The stage that follows: at once, or when the action has been done; absent: the run ends. */
  readonly next?: Stage | undefined;
  /** True: what is recorded good was watched for less than the policy's time. */
  readonly short?: boolean | undefined;
  /** True: a human should look now. */
  readonly alert: boolean;
  /** Why no automatic write may follow until a human lifts the freeze. */
  readonly freeze?: string | undefined;
}

/**
 * Decides a stage, or says that the facts do not suffice yet (undefined). Pure; the order of precedence is written
 * here and nowhere else: superseded, aborted, frozen, then what the probes and requests amount to.
 */
export function decideStage(facts: StageFacts, policy: StagePolicy): Decision | undefined {
  const overruled = overrule(facts, policy);
  if (overruled) return overruled;
  const assessment = assessStage(facts, policy);
  if (assessment.kind === 'probing') {
    return facts.deadlinePassed && !isPaused(facts)
      ? { ...withhold(facts, 'deadline', deadlineText(facts)), alert: true }
      : undefined;
  }
  if (facts.stage === 'reverify') return decideReverify(assessment);
  switch (assessment.kind) {
    case 'healthy':
      return decideHealthy(facts, policy, assessment.note);
    case 'unknown':
      if (assessment.cause === 'overtaken') return decideOvertaken(facts, policy, assessment.detail);
      return withhold(facts, assessment.cause, assessment.detail);
    case 'failed':
      return decideFailed(assessment, facts, policy);
    default:
      return assertNever(assessment);
  }
}

/** What the stage's facts amount to by themselves. */
export function assessStage(
  { stage, health, awaitedBy }: Pick<StageFacts, 'stage' | 'health' | 'awaitedBy'>,
  policy: Pick<StagePolicy, 'health' | 'requests' | 'steps' | 'watch'>,
): HealthAssessment {
  if (!isHold(stage)) return assessHealth(health, { ...policy.health, patient: stage === 'reverify' });
  return assessHold(health, { ...policy, forMs: holdMs(stage, policy, awaitedBy !== undefined) });
}

/** How long a hold lasts. @param awaited true: a newer revision waits for its end */
export function holdMs(
  stage: Stage,
  { steps, watch }: Pick<StagePolicy, 'steps' | 'watch'>,
  awaited: boolean,
): number {
  const fullMs = stage === 'watch' ? (watch.cutMs ?? watch.forMs) : (steps[stepOf(stage) - 1]?.holdMs ?? 0);
  return awaited ? Math.min(fullMs, watch.minimumMs) : fullMs;
}

/** What goes before all evidence. */
function overrule(facts: StageFacts, policy: StagePolicy): Decision | undefined {
  const { stage, supersededBy, awaitedBy, aborted, frozen } = facts;
  if (supersededBy !== undefined) {
    return decideOvertaken(facts, policy, `revision ${supersededBy} has taken over`);
  }
  if (stage === 'reverify') return undefined;
  const partial = isPartial(stage, policy.steps);
  if (aborted !== undefined)
    return { ...quiet('inconclusive', 'aborted', aborted), action: partial ? 'abort' : 'none' };
  if (frozen !== undefined) return withhold(facts, 'frozen', `automatic action is frozen: ${frozen}`);
  if (awaitedBy !== undefined && partial && facts.authority === 'full') {
    return {
      ...quiet('superseded', 'superseded', `the newer revision ${awaitedBy} is ready`),
      action: 'abort',
    };
  }
  return undefined;
}

/** A canary whose candidate has some of the traffic. */
export function isPartial(stage: Stage, steps: readonly CanaryStep[]): boolean {
  return stepOf(stage) > 0 && (steps[stepOf(stage) - 1]?.percent ?? 100) < 100;
}

type Settled = Exclude<HealthAssessment, { kind: 'probing' }>;

/** No pass and nobody to blame: a canary's split stays for a human to look at, and everything else as it is too. */
function withhold(facts: StageFacts, code: string, text: string): Decision {
  const action = stepOf(facts.stage) > 0 ? 'hold' : 'none';
  // Users are on it, and nobody knows whether it is good; who changed traffic himself knows already.
  const alert = (facts.health.at(-1)?.share ?? 0) > 0 && code !== 'traffic-changed';
  return { ...quiet('inconclusive', code, text), action, alert };
}

function decideHealthy(
  facts: StageFacts,
  policy: StagePolicy,
  note: string | undefined,
): Decision | undefined {
  const reasons = [{ code: 'healthy', text: 'answers as expected' }];
  if (note !== undefined) reasons.push({ code: 'few-requests', text: note });
  const pass: Decision = { verdict: 'pass', reasons, action: 'none', alert: false };
  if (facts.authority === 'observe') return pass;
  if (facts.stage === 'watch') return decideWatched(facts, policy, pass);
  const step = stepOf(facts.stage);
  if (step > 0 && step === policy.steps.length) return { ...pass, next: 'watch' };
  if (step > 0) return isPaused(facts) ? undefined : { ...pass, action: 'step', next: stepStage(step + 1) };
  return decideHealthyCandidate(facts, policy, pass);
}

/** Where it has traffic already, it is watched; where it has none, its mode or our own pin says whether to give it some. */
function decideHealthyCandidate(
  facts: StageFacts,
  policy: StagePolicy,
  pass: Decision,
): Decision | undefined {
  if ((facts.health.at(-1)?.share ?? 0) > 0) return { ...pass, next: 'watch' };
  const promotion = promotionOf(facts, policy);
  if (promotion) return isPaused(facts) ? undefined : { ...pass, ...promotion };
  const why = facts.pinnedBy === 'human' ? 'traffic is pinned by hand' : 'no traffic reaches it';
  return quiet('pass', 'healthy-without-traffic', `answers as expected, but ${why}: not recorded as good`);
}

function promotionOf(
  { authority, pinnedBy }: StageFacts,
  policy: StagePolicy,
): Pick<Decision, 'action' | 'next'> | undefined {
  if (authority !== 'full' || pinnedBy === 'human') return undefined;
  switch (policy.mode) {
    case 'canary':
      return { action: 'step', next: stepStage(1) };
    case 'gate':
      return { action: 'promote', next: 'watch' };
    case 'guard':
      return pinnedBy === 'guard' ? { action: 'promote', next: 'watch' } : undefined;
    default:
      return assertNever(policy.mode);
  }
}

function decideWatched(facts: StageFacts, policy: StagePolicy, pass: Decision): Decision {
  if (watchedMs(facts.health) >= policy.watch.minimumMs)
    return { ...pass, action: 'mark-good', short: isShort(facts, policy) };
  const text = 'watched for less than watch.minimum: not recorded as good';
  return { ...pass, reasons: [...pass.reasons, { code: 'watch-too-short', text }] };
}

/** A newer deploy has the traffic: nothing is done about this one, and a watch is decided on what it saw. */
function decideOvertaken(facts: StageFacts, policy: StagePolicy, why: string): Decision {
  const before = facts.health.filter((fact) => fact.readiness !== 'overtaken');
  const clean = assessHold(before, { ...policy, forMs: policy.watch.minimumMs }).kind === 'healthy';
  if (facts.stage !== 'watch' || !clean || facts.authority === 'observe')
    return quiet('superseded', 'superseded', why);
  const reasons = [{ code: 'healthy', text: `answers as expected until ${why}` }];
  return { verdict: 'pass', reasons, action: 'mark-good', short: isShort(facts, policy), alert: false };
}

function isShort({ health }: StageFacts, { watch }: StagePolicy): boolean {
  return watchedMs(health) < watch.forMs;
}

/** How long a pause can keep a stage open: a run must end some day, and its facts are bounded. */
const longestPauseMs = 8 * 3_600_000;

function isPaused({ paused, health }: StageFacts): boolean {
  const first = health[0]?.at.getTime() ?? 0;
  const last = health.at(-1)?.at.getTime() ?? 0;
  return paused === true && last - first < longestPauseMs;
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
    action: stepOf(facts.stage) > 0 ? 'hold' : 'none',
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
    case 'no-baseline':
      return alerting('inconclusive', reason, {
        code: 'no-baseline',
        text: 'how the stable revision stood before is not known: nothing to compare with',
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

function blamed(facts: StageFacts, policy: StagePolicy, reasons: readonly Reason[]): Decision {
  const refusal = refuseWithoutTraffic(facts) ?? rollbackRefusal(facts, policy);
  if (refusal) {
    const freeze = refusal.code === 'policy-freeze' ? refusal.text : undefined;
    const action = stepOf(facts.stage) > 0 ? 'hold' : 'none';
    return { verdict: 'fail', reasons: [...reasons, refusal], action, alert: true, freeze };
  }
  return { verdict: 'fail', reasons, action: 'rollback', alert: true };
}

function refuseWithoutTraffic({ health }: StageFacts): Reason | undefined {
  if ((health.at(-1)?.share ?? 0) > 0) return undefined;
  return { code: 'no-traffic', text: 'no traffic reaches it: there is nothing to put back' };
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
