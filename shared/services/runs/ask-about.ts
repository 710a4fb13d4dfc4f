import { runIdOf, type ServiceRef } from '../../domain/ids.ts';
import { compareRevisions, orderOf } from '../../domain/revision.ts';
import { planAttempt } from '../../domain/runs/plan-attempt.ts';
import { awaitsWindow, type Doubt } from '../../domain/runs/review-standing.ts';
import type { Ports } from '../../ports/ports.ts';
import { askForEffect } from '../records/ask-for-effect.ts';

/** How often a revision without traffic is validated. */
const maxHeldBackAttempts = 6;

/**
 * Has a revision in doubt validated, or validated again.
 * @param isFrozen true: a freeze window of the service is open
 * @returns false: not yet, or nobody wants it to have users
 */
export async function askAbout(
  doubt: Doubt,
  ref: ServiceRef,
  isFrozen: boolean,
  ports: Pick<Ports, 'store' | 'bus' | 'clock'>,
): Promise<boolean> {
  const { bus, clock } = ports;
  const { revision, share, last, lastAgeMs } = doubt;
  const awaits = awaitsWindow(doubt);
  if (awaits && isFrozen) return false;
  const isAborted = last?.reasons.some(({ code }) => code === 'aborted');
  // What the guard gave a canary goes back, also where a freeze kept it from that; what went back is people's since.
  // In a watch an abort ends the run, and moves nothing.
  const isLeft = last?.stage === 'watch' && last.action === 'none';
  if (last?.baseline && share > 0 && isAborted && !isLeft && last.outcome?.code !== 'aborted') {
    const { serviceKey, candidate, attempt, stage } = last;
    const runId = runIdOf(ref, candidate.revision, attempt);
    return askForEffect({ runId, serviceKey, ref, stage, kind: 'abort' }, ports);
  }
  // Its tag is gone, which may mean that nobody wants it any more: people are told.
  if (last?.outcome?.code === 'preview') return false;
  const isAnew = last !== undefined && compareRevisions(last.candidate, orderOf(revision)) !== 0;
  const next = planAttempt(isAnew ? 'guard' : 'sweep', last, {
    isGood: false,
    now: clock.now(),
    ageMs: lastAgeMs,
  });
  // Where nobody is served by it, nobody is hurt: it is tried for about an hour, and then up to people; after each window it is
  // tried again, since no alarm tells of it.
  if (share === 0 && !awaits && (!last || last.attempt >= maxHeldBackAttempts)) return false;
  if (next.kind !== 'open') return false;
  await bus.publish('begin-validation', {
    kind: 'revision',
    ref,
    revision: revision.name,
    openedBy: 'sweep',
    attempt: next.attempt,
  });
  return true;
}
