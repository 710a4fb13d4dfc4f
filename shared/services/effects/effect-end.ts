import { documentIn } from '../../contracts/document.ts';
import { type EffectRecord, outbox, type RunRecord, runs } from '../../contracts/records.ts';
import { WriteConflictError } from '../../domain/errors.ts';
import { type EffectId, effectIdOf } from '../../domain/ids.ts';
import { isAwaited } from '../../domain/stages.ts';
import type { Reason } from '../../domain/verdict.ts';
import type { Ports } from '../../ports/ports.ts';
import { type Stored, update, type Write } from '../../ports/store.ts';

export interface EffectEnd {
  readonly state: 'done' | 'skipped' | 'stopped';
  readonly outcome: Reason;
  /** Written in the same batch, planned on fresh reads. */
  readonly also?: () => Promise<readonly Write[]>;
}

const maxTries = 10;

/** Records how an effect ended, with all that follows from it, in one batch. */
export async function endEffect(
  effectId: EffectId,
  effect: Stored<EffectRecord>,
  end: EffectEnd,
  ports: Ports,
): Promise<void> {
  const ref = documentIn(outbox, effectId);
  const { runId, stage, kind } = effect.data;
  let current: Stored<EffectRecord> | undefined = effect;
  for (let tries = 1; current?.data.state === 'open'; tries++) {
    // Whoever has taken over may have written since: only what is done is known better here.
    if (end.state !== 'done' && current.data.lease?.nonce !== effect.data.lease?.nonce) return;
    const fields = {
      state: end.state,
      outcome: end.outcome,
      endedAt: ports.clock.now(),
      dueAt: undefined,
      lease: undefined,
    };
    const also = end.also ? await end.also() : await closeUnlessDone(end, effect.data, ports);
    try {
      await ports.store.commit([update(ref, current, fields), ...also]);
      break;
    } catch (error) {
      if (!(error instanceof WriteConflictError) || tries === maxTries) throw error;
      current = await ports.store.get(ref);
    }
  }
  const level = end.state === 'stopped' ? 'error' : 'info';
  ports.log[level]({ runId, stage, kind, state: end.state, code: end.outcome.code }, end.outcome.text);
  await wakeWaitingRun({ ...effect.data, state: end.state }, ports);
}

/** Who waits for an effect goes on when it has ended, and so does a canary that was told to give back its share. */
export async function wakeWaitingRun(
  { kind, runId, stage, state }: EffectRecord,
  { bus }: Pick<Ports, 'bus'>,
): Promise<void> {
  if (runId === undefined || stage === undefined || !isAwaited(kind)) return;
  await bus.publish('check-health', { runId });
  if (kind === 'step' && state !== 'done')
    await bus.publish('route-traffic', { effectId: effectIdOf(runId, stage, 'abort') });
}

/** An awaited effect that was not done ends its run; the other effects leave runs alone. */
async function closeUnlessDone(
  end: EffectEnd,
  { kind, runId }: EffectRecord,
  { store, clock }: Ports,
): Promise<Write[]> {
  if (runId === undefined || !isAwaited(kind) || end.state === 'done') return [];
  const ref = documentIn(runs, runId);
  const run = await store.get(ref);
  if (!run || run.data.state === 'closed') return [];
  return [update(ref, run, { ...closing(run.data, end), closedAt: clock.now(), outcome: end.outcome })];
}

/** What was not promoted has passed no more than its health check. */
function closing(
  run: RunRecord,
  end: EffectEnd,
): Partial<{ [K in keyof RunRecord]: RunRecord[K] | undefined }> {
  const verdict = run.verdict ?? (supersededBy.includes(end.outcome.code) ? 'superseded' : 'inconclusive');
  const reasons = run.verdict === undefined ? [end.outcome] : run.reasons;
  return { state: 'closed', verdict, reasons, dueAt: undefined, stageDeadlineAt: undefined };
}

const supersededBy: readonly string[] = ['superseded', 'newer-revision'];
