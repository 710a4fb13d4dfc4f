import { assertNever } from '../assert-never.ts';
import { assessSoak, watchedMs } from '../health/assess-soak.ts';
import { type Stage, stepOf, stepStage } from '../stages.ts';
import { type Reason, type ReasonCode, reason } from '../verdict.ts';
import { type Decision, quiet, withhold } from './decision.ts';
import { isPaused, outlastsRun, type Pause, type StageFacts, type StagePolicy } from './stage-facts.ts';

/** A healthy revision is watched, gets traffic, or is recorded as good; undefined: a pause keeps it where it is. */
export function decideHealthy(
  facts: StageFacts,
  policy: StagePolicy,
  reasons: readonly Reason[],
): Decision | undefined {
  const pass: Decision = { verdict: 'pass', reasons, action: 'none', alert: false };
  if (facts.stage === 'health' && policy.tests && !heldStep(facts, policy)) return { ...pass, next: 'tests' };
  if (facts.authority === 'observe') return pass;
  if (facts.stage === 'watch') return decideWatched(facts, policy, pass);
  const step = stepOf(facts.stage);
  if (step > 0 && step === policy.steps.length) return { ...pass, next: 'watch' };
  if (step > 0 && facts.authority !== 'full') return { ...pass, action: 'hold' };
  if (step > 0) return unlessPaused(facts, { ...pass, action: 'step', next: stepStage(step + 1) });
  return decideHealthyCandidate(facts, policy, pass);
}

/** With traffic it is watched; without traffic, the mode or the guard's own pin determines whether it gets some. */
function decideHealthyCandidate(
  facts: StageFacts,
  policy: StagePolicy,
  pass: Decision,
): Decision | undefined {
  const held = heldStep(facts, policy);
  if (held) return { ...pass, next: held };
  if (facts.share > 0) return { ...pass, next: 'watch' };
  // A person who gave it traffic and took it away again had a reason.
  const takenBack = facts.health.some(({ share }) => share > 0);
  const promotion = takenBack ? undefined : promotionOf(facts, policy);
  if (promotion) return unlessPaused(facts, { ...pass, ...promotion });
  const told = (code: ReasonCode, why: string) =>
    quiet('pass', code, `answers as expected, but ${why}: not recorded as good`);
  if (takenBack) return told('healthy-without-traffic', 'its traffic was taken away again');
  return facts.pinnedBy === 'human'
    ? told('human-pin', `traffic is pinned manually${facts.pinnedTo ? ` to ${facts.pinnedTo}` : ''}`)
    : told('healthy-without-traffic', 'it has no traffic');
}

/** A pause forbids more traffic; if it outlasts a run, the run ends at its current step. */
function unlessPaused(facts: StageFacts, gain: Decision): Decision | undefined {
  const { pause, stage, deadlinePassed } = facts;
  if (!pause) return gain;
  if (stage === 'tests' ? !deadlinePassed && !outlastsRun(facts) : isPaused(facts)) return undefined;
  // Whoever set up a window knows of it; a pause may have been forgotten.
  const alert = pause.until === undefined;
  return { ...withhold(facts, pause.code, whyPaused(pause)), alert };
}

function whyPaused({ until, text }: Pause): string {
  return until
    ? `answers as expected, but ${text}: it gets no more traffic before that`
    : 'it was paused for too long, and does not advance automatically';
}

/** A canary that waited at a step goes on with that step. */
function heldStep({ shifted, share }: StageFacts, { mode, steps }: StagePolicy): Stage | undefined {
  const at = steps.findIndex((step) => step.percent === share);
  return mode === 'canary' && shifted && share < 100 && at >= 0 ? stepStage(at + 1) : undefined;
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
  if (watchedMs(facts.health, policy.watch.maxGapMs) >= policy.watch.minimumMs)
    return { ...pass, action: 'mark-good', short: isShort(facts, policy) };
  const text = 'watched for less than watch.minimum: not recorded as good';
  return { ...pass, reasons: [...pass.reasons, { code: 'watch-too-short', text }] };
}

/**
 * A newer deploy has the traffic: nothing is done about this revision, and a watch is decided on its observations so
 * far.
 */
export function decideOvertaken(facts: StageFacts, policy: StagePolicy, why: string): Decision {
  const before = facts.health.filter((fact) => fact.readiness !== 'overtaken');
  const clean =
    assessSoak(before, { ...policy, maxGapMs: policy.watch.maxGapMs, forMs: policy.watch.minimumMs }).kind ===
    'healthy';
  if (facts.stage !== 'watch' || !clean || facts.authority === 'observe')
    return quiet('superseded', 'superseded', why);
  const reasons = [reason('healthy', `answers as expected until ${why}`)];
  return { verdict: 'pass', reasons, action: 'mark-good', short: isShort(facts, policy), alert: false };
}

function isShort({ health }: StageFacts, { watch }: StagePolicy): boolean {
  return watchedMs(health, watch.maxGapMs) < watch.forMs;
}
