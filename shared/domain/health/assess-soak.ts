import { answersOf, trailing } from './answers-of.ts';
import { failedBy, type HealthAssessment, type HealthPolicy } from './assess-health.ts';
import { assessRequests } from './assess-requests.ts';
import { badShareOf } from './bad-share.ts';
import { concludeBreach, concludeRequests } from './conclude-requests.ts';
import type { HealthFact } from './health-fact.ts';
import { dueWindows, nextWindow, type WindowPolicy } from './next-window.ts';
import { isEarlySlowness, isShortSlowness } from './short-slowness.ts';

/** `forMs`: how long good responses must have been observed. */
export interface SoakPolicy extends WindowPolicy {
  readonly health: HealthPolicy;
  /** Time without a look is not watched: at most this much counts between two good responses. */
  readonly maxGapMs: number;
}

/** A share of fewer bad looks than this means nothing. */
const fewestBad = 3;

/**
 * Judges a soak: a step of a canary, or the watch after all traffic has moved. As with health, a function of the facts
 * alone.
 *
 * @param facts in the order of `n`
 */
export function assessSoak(facts: readonly HealthFact[], policy: SoakPolicy): HealthAssessment {
  const last = facts.at(-1);
  if (!last) return { kind: 'probing' };
  const detail = last.readinessDetail ?? last.readiness;
  if (last.readiness === 'gone') return { kind: 'unknown', cause: 'gone', detail };
  if (last.readiness === 'overtaken') return { kind: 'unknown', cause: 'overtaken', detail };
  if (last.readiness === 'moved-away') return { kind: 'unknown', cause: 'traffic-changed', detail };

  const answers = answersOf(facts);
  const { failureThreshold, successes } = policy.health;
  const bad = trailing(answers, ({ kind }) => kind === 'bad');
  const lasting = bad.length >= failureThreshold && !isShortSlowness(bad, 'candidate');
  const failed = lasting ? failedBy(bad, policy.health) : assessShare(answers, policy.health);
  if (failed) return failed;
  const requests = policy.requests.use === 'off' ? undefined : assessRequests(facts, policy.requests);
  if (requests?.kind === 'breached') return concludeBreach(requests, facts);

  const wanted = policy.forMs === 0 ? 1 : successes;
  const over =
    watchedMs(facts, policy.maxGapMs) >= policy.forMs &&
    trailing(answers, ({ kind }) => kind === 'good').length >= wanted;
  if (!over || nextWindow(facts, policy)) return { kind: 'probing' };
  if (requests === undefined) return { kind: 'healthy' };
  if (dueWindows(policy) > 0) return concludeRequests(requests, policy.requests);
  if (policy.requests.use !== 'required') return { kind: 'healthy' };
  return {
    kind: 'unknown',
    cause: 'few-requests',
    detail: 'it was observed for less than one window of the request log',
  };
}

/**
 * Bad responses that are never consecutive enough to fail, but are too many in total; undefined: they are not. A look
 * that stable fails too does not count, nor does the next one, since stable may recover just before its own probe.
 * Slowness while the candidate receives its traffic does not count either.
 */
function assessShare(
  answers: readonly HealthFact[],
  { failureThreshold, badSharePercent }: HealthPolicy,
): HealthAssessment | undefined {
  const startMs = answers[0]?.at.getTime() ?? 0;
  const bad = answers.filter(
    ({ at, candidate, stable }, n) =>
      candidate?.kind === 'bad' &&
      stable?.kind !== 'bad' &&
      answers[n - 1]?.stable?.kind !== 'bad' &&
      !isEarlySlowness(candidate, at.getTime() - startMs),
  );
  const share = badShareOf(bad, answers, badSharePercent);
  if (bad.length < fewestBad || share.percent < badSharePercent) return undefined;
  const failed = failedBy(bad, { failureThreshold });
  if (failed.kind !== 'failed') return failed;
  return {
    ...failed,
    failure: 'flapping',
    detail: `${share.text}: ${failed.detail}`,
    everyAnswerHard: false,
  };
}

/** How long good responses were observed: the sum of the times between them, without unobserved gaps. */
export function watchedMs(facts: readonly HealthFact[], maxGapMs: number): number {
  const answers = answersOf(facts);
  return answers.reduce((total, fact, n) => {
    const before = answers[n - 1];
    if (before?.candidate?.kind !== 'good' || fact.candidate?.kind !== 'good') return total;
    return total + Math.min(maxGapMs, Math.max(0, fact.at.getTime() - before.at.getTime()));
  }, 0);
}
