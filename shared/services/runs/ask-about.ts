import { runIdOf, type ServiceRef } from '../../domain/ids.ts';
import { compareRevisions, orderOf } from '../../domain/revision.ts';
import { planAttempt } from '../../domain/runs/plan-attempt.ts';
import type { Doubt } from '../../domain/runs/review-standing.ts';
import type { Ports } from '../../ports/ports.ts';
import { askForEffect } from '../records/ask-for-effect.ts';

/** How often a revision without traffic is validated. */
const maxHeldBackAttempts = 6;

/**
 * Requests a validation of a revision in doubt. @returns false: it is not due, or the revision is not meant to have
 * users
 */
export async function askAbout(
  { revision, share, last, lastAgeMs }: Doubt,
  ref: ServiceRef,
  ports: Pick<Ports, 'store' | 'bus' | 'clock'>,
): Promise<boolean> {
  const { bus, clock } = ports;
  const isAborted = last?.reasons.some(({ code }) => code === 'aborted');
  // A canary's share is returned even if a freeze prevented that before; after its return, the traffic belongs to
  // people.
  // In a watch an abort ends the run without moving traffic.
  const isLeft = last?.stage === 'watch' && last.action === 'none';
  if (last?.baseline && share > 0 && isAborted && !isLeft && last.outcome?.code !== 'aborted') {
    const { serviceKey, candidate, attempt, stage } = last;
    const runId = runIdOf(ref, candidate.revision, attempt);
    return askForEffect({ runId, serviceKey, ref, stage, kind: 'abort' }, ports);
  }
  // Its tag was removed, perhaps because it is no longer wanted: the alarm leaves that to people.
  if (last?.outcome?.code === 'preview') return false;
  const isAnew = last !== undefined && compareRevisions(last.candidate, orderOf(revision)) !== 0;
  const next = planAttempt(isAnew ? 'guard' : 'sweep', last, {
    isGood: false,
    now: clock.now(),
    ageMs: lastAgeMs,
  });
  // Without traffic it harms no users: it is tried for about an hour, then left to people.
  if (share === 0 && (!last || last.attempt >= maxHeldBackAttempts)) return false;
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
