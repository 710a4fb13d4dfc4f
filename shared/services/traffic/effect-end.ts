import { documentIn } from '../../contracts/document.ts';
import { type EffectRecord, outbox, type RunRecord, runs } from '../../contracts/records.ts';
import { WriteConflictError } from '../../domain/errors.ts';
import { type EffectId, effectIdOf } from '../../domain/ids.ts';
import { isAwaited } from '../../domain/stages.ts';
import type { EffectOutcome } from '../../domain/traffic/close-unfinished.ts';
import { closeUnfinished, needsHuman } from '../../domain/traffic/close-unfinished.ts';
import type { Ports } from '../../ports/ports.ts';
import { type Stored, update, type Write } from '../../ports/store.ts';

export interface EffectEnd extends EffectOutcome {
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
  let alert = end.state === 'stopped';
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
    const run = await findUnfinished(end, effect.data, ports);
    if (run) alert ||= needsHuman(run.data, end);
    const also = end.also ? await end.also() : closingOf(run, end, ports);
    try {
      await ports.store.commit([update(ref, current, fields), ...also]);
      break;
    } catch (error) {
      if (!(error instanceof WriteConflictError) || tries === maxTries) throw error;
      current = await ports.store.get(ref);
    }
  }
  ports.log[alert ? 'error' : 'info'](
    { runId, stage, kind, state: end.state, code: end.outcome.code },
    end.outcome.text,
  );
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

/** The run that waits for an effect that was not done; the other effects leave runs alone. */
async function findUnfinished(
  end: EffectEnd,
  { kind, runId }: EffectRecord,
  { store }: Ports,
): Promise<Stored<RunRecord> | undefined> {
  if (runId === undefined || !isAwaited(kind) || end.state === 'done') return undefined;
  const run = await store.get(documentIn(runs, runId));
  return run?.data.state === 'closed' ? undefined : run;
}

/** It ends with it. */
function closingOf(run: Stored<RunRecord> | undefined, end: EffectEnd, { clock }: Ports): Write[] {
  if (!run) return [];
  const fields = { ...closeUnfinished(run.data, end), closedAt: clock.now(), outcome: end.outcome };
  return [update(documentIn(runs, run.id), run, fields)];
}
