import { documentIn } from '../contracts/document.ts';
import type { RouteTraffic } from '../contracts/messages.ts';
import { type EffectRecord, outbox } from '../contracts/records.ts';
import { assertNever } from '../domain/assert-never.ts';
import {
  describeError,
  isRetryable,
  PermanentError,
  TransientError,
  UnknownOutcomeError,
  WriteConflictError,
} from '../domain/errors.ts';
import type { EffectId } from '../domain/ids.ts';
import { isRunEffect } from '../domain/records/effect.ts';
import type { Reason } from '../domain/verdict.ts';
import type { Ports } from '../ports/ports.ts';
import { type Stored, update } from '../ports/store.ts';
import { abortCanary } from './traffic/abort-canary.ts';
import { actManually } from './traffic/act-manually.ts';
import { type EffectEnd, endEffect, wakeWaitingRun } from './traffic/effect-end.ts';
import { markGood } from './traffic/mark-good.ts';
import { promoteCandidate } from './traffic/promote-candidate.ts';
import { rollBack } from './traffic/roll-back.ts';
import { addTags, removeTags } from './traffic/tags.ts';
import { leaseMs } from './traffic/traffic-intents.ts';

/** When the sweep looks again after an effect that could not be finished. */
const retryMs = 10_000;

/**
 * Does one effect of the outbox, at most once, and records how it ended. The only function whose account may change
 * traffic.
 *
 * @throws {TransientError} somebody else is at it, or the outside world did not answer: deliver again
 */
export async function routeTraffic({ effectId }: RouteTraffic, ports: Ports): Promise<void> {
  const ref = documentIn(outbox, effectId);
  const stored = await ports.store.get(ref);
  if (!stored) return;
  if (stored.data.state !== 'open') return wakeWaitingRun(stored.data, ports);
  const effect = await takeLease(effectId, stored, ports);
  try {
    await endEffect(effectId, effect, await perform(effectId, effect.data, ports), ports);
  } catch (error) {
    if (!isRetryable(error)) {
      const end: EffectEnd = { state: 'stopped', outcome: { code: 'permanent', text: describeError(error) } };
      return endEffect(effectId, effect, end, ports);
    }
    await releaseLease(effectId, effect.data, error, ports);
    throw error;
  }
}

function perform(effectId: EffectId, effect: EffectRecord, ports: Ports): Promise<EffectEnd> {
  if (effect.request) return actManually(effectId, effect, effect.request, ports);
  if (!isRunEffect(effect)) throw new PermanentError(`${effectId} has neither a run nor an author`);
  switch (effect.kind) {
    case 'promote':
    case 'step':
      return promoteCandidate(effectId, effect, ports);
    case 'rollback':
      return rollBack(effectId, effect, ports);
    case 'abort':
      return abortCanary(effectId, effect, ports);
    case 'mark-good':
      return markGood(effectId, effect, ports);
    case 'tag':
      return addTags(effectId, effect, ports);
    case 'untag':
      return removeTags(effectId, effect, ports);
    case 'pin':
    case 'unpin':
      throw new PermanentError(`${effect.kind} is a manual change only`);
    default:
      return assertNever(effect.kind);
  }
}

/** @throws {TransientError} another executor holds a live lease */
async function takeLease(
  effectId: EffectId,
  stored: Stored<EffectRecord>,
  ports: Ports,
): Promise<Stored<EffectRecord>> {
  const now = ports.clock.now();
  const held = stored.data.lease;
  // A lease that reaches further than a lease can was written by a clock that is ahead.
  if (held && held.until > now && held.until.getTime() - now.getTime() <= leaseMs)
    throw new TransientError(`effect ${effectId} is in progress`);
  const ref = documentIn(outbox, effectId);
  // The nonce makes each lease a change: a write that changes nothing would keep the version, and two would hold it.
  const lease = { nonce: ports.random.nonce(), until: new Date(now.getTime() + leaseMs) };
  try {
    await ports.store.commit([update(ref, stored, { lease })]);
  } catch (error) {
    if (error instanceof WriteConflictError)
      throw new TransientError(`effect ${effectId} was taken over by another executor`, { cause: error });
    throw error;
  }
  const taken = await ports.store.get(ref);
  if (taken?.data.lease?.nonce !== lease.nonce)
    throw new TransientError(`effect ${effectId} was taken over by another executor`);
  return taken;
}

/** Lets the next delivery go on at once. Best effort: a lease that stays ends by itself. */
async function releaseLease(
  effectId: EffectId,
  { runId, lease }: EffectRecord,
  cause: unknown,
  ports: Ports,
): Promise<void> {
  const code = cause instanceof UnknownOutcomeError ? 'unknown-outcome' : 'retry';
  ports.log.warn({ runId, effectId, code }, `effect not finished: ${describeError(cause)}`);
  try {
    const ref = documentIn(outbox, effectId);
    const stored = await ports.store.get(ref);
    if (stored?.data.state !== 'open' || stored.data.lease?.nonce !== lease?.nonce) return;
    const dueAt = new Date(ports.clock.now().getTime() + retryMs);
    const outcome: Reason = { code, text: describeError(cause) };
    await ports.store.commit([update(ref, stored, { lease: undefined, dueAt, outcome })]);
  } catch (error) {
    ports.log.warn({ effectId }, `lease not released: ${describeError(error)}`);
  }
}
