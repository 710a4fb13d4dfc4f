import { documentIn } from '../../contracts/document.ts';
import { type EffectRecord, outbox, runs } from '../../contracts/records.ts';
import { WriteConflictError } from '../../domain/errors.ts';
import type { EffectId } from '../../domain/ids.ts';
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
  await wakeWaitingRun(effect.data, ports);
}

/** A rolled-back run goes on to its re-verification; nothing waits for the other effects. */
export async function wakeWaitingRun(
  { kind, runId }: EffectRecord,
  { bus }: Pick<Ports, 'bus'>,
): Promise<void> {
  if (kind === 'rollback') await bus.publish('check-health', { runId });
}

/** A rollback that was not made ends its run; the other effects leave runs alone. */
async function closeUnlessDone(
  end: EffectEnd,
  effect: EffectRecord,
  { store, clock }: Ports,
): Promise<Write[]> {
  if (effect.kind !== 'rollback' || end.state === 'done') return [];
  const ref = documentIn(runs, effect.runId);
  const run = await store.get(ref);
  if (!run || run.data.state === 'closed') return [];
  return [
    update(ref, run, {
      state: 'closed',
      closedAt: clock.now(),
      dueAt: undefined,
      stageDeadlineAt: undefined,
      outcome: end.outcome,
    }),
  ];
}
