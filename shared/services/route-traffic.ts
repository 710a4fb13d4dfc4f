import { documentIn } from '../contracts/document.ts';
import type { RouteTraffic } from '../contracts/messages.ts';
import { type EffectRecord, outbox } from '../contracts/records.ts';
import { assertNever } from '../domain/assert-never.ts';
import { describeError, isRetryable, PermanentError, TransientError } from '../domain/errors.ts';
import type { EffectId } from '../domain/ids.ts';
import { isRunEffect } from '../domain/records/effect.ts';
import { refuseExpired } from '../domain/traffic/refuse-shift.ts';
import { reason } from '../domain/verdict.ts';
import type { Ports } from '../ports/ports.ts';
import { ageMsOf, update } from '../ports/store.ts';
import { tryCommit } from '../ports/try-commit.ts';
import { abortCanary } from './traffic/abort-canary.ts';
import { actManually } from './traffic/act-manually.ts';
import { type EffectEnd, endEffect, wakeWaitingRun } from './traffic/effect-end.ts';
import { markGood } from './traffic/mark-good.ts';
import { promoteCandidate } from './traffic/promote-candidate.ts';
import { rollBack } from './traffic/roll-back.ts';
import { addTags, removeTags } from './traffic/tags.ts';

/** How long an effect with writes is retried, whatever error occurs. */
const longestMs = 60 * 60_000;

/**
 * Executes one effect of the outbox, at most once, and records its outcome. The only function whose account may change
 * traffic.
 *
 * @throws {TransientError} another executor is working on it, or the outside world did not respond: deliver again
 */
export async function routeTraffic({ effectId }: RouteTraffic, ports: Ports): Promise<void> {
  const since = await ports.store.get(documentIn(outbox, effectId));
  if (!since) return;
  const effect = since.data;
  if (effect.state !== 'open') return wakeWaitingRun(effect, ports, true);
  // Nothing was sent yet, so it can end without a response of Cloud Run.
  const expired = effect.intents === undefined ? refuseExpired(effect, ageMsOf(since)) : undefined;
  if (expired) return endEffect(effectId, { state: 'skipped', outcome: expired, since }, ports);
  try {
    await endEffect(effectId, await perform(effectId, effect, ports), ports);
  } catch (error) {
    // A sent write may still land, so an unreadable record must not end the effect.
    const mayLand = effect.intents !== undefined && ageMsOf(since) < longestMs;
    if (isRetryable(error) || mayLand) {
      await noteRetry(effectId, effect, error, ports);
      throw isRetryable(error) ? error : new TransientError(describeError(error), { cause: error });
    }
    const outcome = reason('permanent', describeError(error));
    await endEffect(effectId, { state: 'stopped', outcome, since }, ports);
  }
}

/** Records what an effect waits for. Best effort: the effect is retried in any case. */
async function noteRetry(
  effectId: EffectId,
  { runId }: EffectRecord,
  cause: unknown,
  { store, log }: Ports,
): Promise<void> {
  const text = describeError(cause);
  log.warn({ runId, effectId }, `effect not finished: ${text}`);
  try {
    const ref = documentIn(outbox, effectId);
    const stored = await store.get(ref);
    if (stored?.data.state === 'open')
      await tryCommit(store, [update(ref, stored, { outcome: reason('retry', text) })]);
  } catch (error) {
    log.warn({ runId, effectId }, `why it was not finished is not recorded: ${describeError(error)}`);
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
      return abortCanary(effectId, effect, undefined, ports);
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
