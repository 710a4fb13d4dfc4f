import { PermanentError } from '../errors.ts';
import type { RevisionName } from '../ids.ts';
import type { RunEffect } from '../records/effect.ts';
import type { Pin } from '../records/service-record.ts';
import type { Revision } from '../revision.ts';
import { followsLatest, gainersOf, shareIn } from '../service-state.ts';
import { type Mode, type Stage, stepOf } from '../stages.ts';
import { type Reason, type ReasonCode, reason } from '../verdict.ts';
import { guardPin } from './plan-pin.ts';
import { planPromotion, planShift, type TrafficPlan } from './plan-traffic.ts';
import { refuseShift, type ShiftFacts } from './refuse-shift.ts';
import { previewTag } from './traffic-tags.ts';

export type PromotionEffect = Pick<RunEffect, 'kind' | 'stage'>;

export interface PromotionPolicy {
  readonly mode: Mode;
  /** The steps of a canary. */
  readonly steps: readonly { readonly percent: number }[];
}

/**
 * Decides whether the candidate of a run gets its traffic, and how much. @throws {PermanentError} the canary has no
 * such step
 */
export function decidePromotion(
  facts: ShiftFacts,
  effect: PromotionEffect,
  policy: PromotionPolicy,
): TrafficPlan {
  const { run, service, known, revisions } = facts;
  const refusal =
    refuseShift(facts, policy.mode === 'guard' ? 'deployed' : 'ready') ??
    refuseCandidate(facts, effect, policy);
  if (refusal) return { kind: 'skip', reason: refusal };
  const { revision } = run.candidate;
  if (effect.kind === 'step') {
    const percent = percentOf(effect.stage, policy);
    const traffic = planShift(service, run.baseline ?? service.traffic, revision, percent);
    return { kind: 'write', traffic, why: `canary: ${percent} % of the traffic on ${revision}`, gains: true };
  }
  // In other modes every deploy comes without traffic, so a pin changes nothing.
  const pin = policy.mode === 'guard' ? guardPin(service, known) : undefined;
  const preview = policy.mode === 'guard' ? whyPreview(facts, pin) : undefined;
  if (preview) return { kind: 'skip', reason: preview };
  if (policy.mode === 'guard' && !pin)
    return {
      kind: 'skip',
      reason: {
        code: 'not-pinned',
        text: 'no pin of the guard is in force: there was no rollback, or traffic has changed since',
      },
    };
  const promotion = planPromotion(service, revision, policy.mode, pin);
  // The user's split may contain revisions that are gone or not verified: then the candidate gets all traffic.
  const others = gainersOf(service, promotion.traffic).filter((name) => name !== revision);
  const fit =
    promotion.traffic.every((entry) => entry.percent === 0 || isReady(entry.revision, revisions)) &&
    others.every((name) => known?.lastGood.some((good) => good.revision === name && !good.movedAway));
  const { traffic } = fit ? promotion : planPromotion(service, revision, policy.mode, undefined);
  return { kind: 'write', traffic, why: `${revision} is healthy`, gains: true };
}

/**
 * In mode guard a deploy takes traffic itself: a revision that could have had traffic and had none was not meant to get
 * any.
 */
function whyPreview({ service, run, revisions }: ShiftFacts, pin: Pin | undefined): Reason | undefined {
  const { revision, createTime } = run.candidate;
  const tag = previewTag(service, revision);
  if (tag !== undefined) return reason('preview', `${revision} is a preview: its tag is ${tag}`);
  if (!pin) return undefined;
  const readyAt = revisions.find(({ name }) => name === revision)?.readyAt;
  // With LATEST, the revision could have had traffic if it was ready before the rollback; with named targets, if it
  // existed.
  const couldBefore = followsLatest(pin.before) ? readyAt : createTime;
  if (!couldBefore || couldBefore >= pin.at) return undefined;
  // Possibly a person had pinned traffic before it was ready: the reason says what to do.
  return reason(
    'no-traffic',
    `${revision} was ready before traffic was pinned, but had none: if it should get traffic, promote it manually`,
  );
}

function isReady(revision: RevisionName | undefined, revisions: readonly Revision[]): boolean {
  if (revision === undefined) return true;
  return revisions.some((known) => known.name === revision && known.readiness.kind === 'ready');
}

/** The candidate exists, and still has the share of our last write. */
function refuseCandidate(
  { service, run, revisions }: ShiftFacts,
  { stage }: PromotionEffect,
  { steps }: PromotionPolicy,
): Reason | undefined {
  const { revision } = run.candidate;
  if (!isReady(revision, revisions))
    return { code: 'candidate-not-ready', text: `${revision} is not ready, or no longer exists` };
  if (followsLatest(service.traffic))
    return {
      code: 'follows-latest',
      text: `traffic follows LATEST: deploy with --no-traffic, so that ${revision} can be tested first`,
    };
  const expected = steps[stepOf(stage) - 1]?.percent ?? 0;
  const share = shareIn(service, revision);
  if (share === expected) return undefined;
  return { code: 'share-changed', text: `${revision} has ${share} % of the traffic, not ${expected} %` };
}

/** The percentage of the step that an effect of `stage` leads to. */
export function percentOf(stage: Stage, { steps }: Pick<PromotionPolicy, 'steps'>): number {
  const step = steps[stepOf(stage)];
  if (!step) throw new PermanentError(`the canary has no step after ${stage}`);
  return step.percent;
}

/** Whether a canary with a share gives it back when its next step is refused for this reason. */
export function isGivenUp({ code }: Reason): boolean {
  return givenUp.includes(code);
}

const givenUp: readonly ReasonCode[] = ['newer-revision', 'aborted', 'superseded', 'candidate-failing'];
