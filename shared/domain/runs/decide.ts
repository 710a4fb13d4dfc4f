import { assertNever } from '../assert-never.ts';
import { describeWarnings, trailing } from '../health/answers-of.ts';
import { assessHealth, type HealthAssessment } from '../health/assess-health.ts';
import { assessRestored } from '../health/assess-restored.ts';
import { assessSoak } from '../health/assess-soak.ts';
import type { RevisionName } from '../ids.ts';
import { countOf } from '../render/count-of.ts';
import { isSoak, stepOf } from '../stages.ts';
import { type Reason, reason } from '../verdict.ts';
import { decideFailed } from './decide-failed.ts';
import { decideHealthy, decideOvertaken } from './decide-healthy.ts';
import { decideTests } from './decide-tests.ts';
import { type Decision, quiet, withhold } from './decision.ts';
import { isPartial, isPaused, type StageFacts, type StagePolicy, soakMs } from './stage-facts.ts';

/**
 * Decides a stage, or returns undefined while the facts do not suffice. Pure. The order of precedence is defined here
 * and nowhere else: superseded, aborted, frozen, then the judgement of probes and requests.
 */
export function decide(facts: StageFacts, policy: StagePolicy): Decision | undefined {
  const overruled = overrule(facts, policy);
  if (overruled) return overruled;
  if (facts.stage === 'tests') return decideTests(facts, policy);
  const assessment = assessStage(facts, policy);
  if (assessment.kind === 'probing') {
    return facts.deadlinePassed && !isPaused(facts)
      ? { ...withhold(facts, 'deadline', deadlineText(facts)), alert: true }
      : undefined;
  }
  const warnings = describeWarnings(facts.health);
  if (facts.stage === 'reverify') return decideReverify(assessment, facts.unverified, warnings);
  switch (assessment.kind) {
    case 'healthy':
      return decideHealthy(facts, policy, healthyReasons(assessment.note, warnings));
    case 'unknown':
      if (assessment.cause === 'overtaken') return decideOvertaken(facts, policy, assessment.detail);
      return withhold(facts, assessment.cause, assessment.detail);
    case 'failed':
      return decideFailed(assessment, facts, policy);
    default:
      return assertNever(assessment);
  }
}

function healthyReasons(note: string | undefined, warnings: string | undefined): Reason[] {
  return [
    reason('healthy', 'answers as expected'),
    ...(note === undefined ? [] : [reason('few-requests', note)]),
    ...(warnings === undefined ? [] : [reason('degraded', warnings)]),
  ];
}

/** The judgement of the stage's facts alone. */
export function assessStage(
  { stage, health, waitingRevision }: Pick<StageFacts, 'stage' | 'health' | 'waitingRevision'>,
  policy: Pick<StagePolicy, 'health' | 'requests' | 'repeatsChecks' | 'steps' | 'watch'>,
): HealthAssessment {
  if (stage === 'reverify') return assessRestored(health, policy);
  if (!isSoak(stage)) return assessHealth(health, policy.health);
  return assessSoak(health, {
    ...policy,
    maxGapMs: policy.watch.maxGapMs,
    forMs: soakMs(stage, policy, waitingRevision !== undefined),
  });
}

/**
 * Ends a stage regardless of its evidence. The observing and the deciding service must use the same rule: otherwise
 * each would wait for the other.
 */
export function overruledBy(
  {
    stage,
    supersededBy,
    aborted,
    waitingRevision,
    authority,
  }: Pick<StageFacts, 'stage' | 'supersededBy' | 'aborted' | 'waitingRevision' | 'authority'>,
  { steps }: Pick<StagePolicy, 'steps'>,
): 'superseded' | 'aborted' | 'waiting' | undefined {
  if (supersededBy !== undefined) return 'superseded';
  if (stage === 'reverify') return undefined;
  if (aborted !== undefined) return 'aborted';
  return waitingRevision !== undefined && isPartial(stage, steps) && authority === 'full'
    ? 'waiting'
    : undefined;
}

/** Takes precedence over all evidence. */
function overrule(facts: StageFacts, policy: StagePolicy): Decision | undefined {
  const { stage, supersededBy, waitingRevision, aborted = '', frozen } = facts;
  const by = overruledBy(facts, policy);
  if (by === 'superseded') return decideOvertaken(facts, policy, `revision ${supersededBy} has taken over`);
  if (by === 'aborted')
    return {
      ...quiet('inconclusive', 'aborted', `cancelled: ${aborted}`),
      action: stepOf(stage) > 0 ? 'abort' : 'none',
    };
  if (frozen !== undefined && stage !== 'reverify')
    return withhold(facts, 'frozen', `automatic action is frozen: ${frozen}`);
  if (by === undefined) return undefined;
  const text = `the newer revision ${waitingRevision} is ready`;
  return { ...quiet('superseded', 'superseded', text), action: 'abort' };
}

type Settled = Exclude<HealthAssessment, { kind: 'probing' }>;

/** After a rollback: does the service respond well again? The decision is never a second automatic write. */
function decideReverify(
  assessment: Settled,
  unverified: readonly RevisionName[] = [],
  warnings?: string,
): Decision {
  switch (assessment.kind) {
    case 'healthy':
      if (unverified.length > 0) {
        const text = `the service answers, but ${unverified.join(', ')} still serves and is not known to be good`;
        return { ...quiet('inconclusive', 'unverified', text), alert: true };
      }
      return quiet('pass', 'restored', restoredText(assessment.note, warnings));
    case 'unknown':
      return { ...quiet('inconclusive', assessment.cause, assessment.detail), alert: true };
    case 'failed':
      return unrestored(unrestoredText(assessment));
    default:
      return assertNever(assessment);
  }
}

function restoredText(...notes: readonly (string | undefined)[]): string {
  return ['the service answers as expected again', ...notes].filter((text) => text !== undefined).join('; ');
}

function unrestoredText({ failure, detail }: Extract<Settled, { kind: 'failed' }>): string {
  switch (failure) {
    case 'request-errors':
    case 'request-latency':
      return `users still get the same after the rollback, so the deploy was likely not the cause: ${detail}`;
    case 'regression':
      return `${detail}: the deploy was likely not the cause`;
    default:
      return `still failing after the rollback: ${detail}`;
  }
}

function unrestored(text: string): Decision {
  return { ...quiet('fail', 'unrestored', text), alert: true, freeze: text };
}

function deadlineText({ stage, health }: StageFacts): string {
  const last = health.at(-1)?.candidate;
  const alike = trailing(health, ({ kind }) => kind === last?.kind).length;
  const seen = last && `; the last ${alike}: ${last.kind === 'good' ? 'as expected' : last.detail}`;
  return `no result in stage ${stage} before its deadline (${countOf(health.length, 'probe')}${seen ?? ''})`;
}
