import { documentIn } from '../../contracts/document.ts';
import { type EffectRecord, outbox, type RunRecord, runs } from '../../contracts/records.ts';
import { TransientError } from '../../domain/errors.ts';
import type { EffectId, RunId } from '../../domain/ids.ts';
import { isAwaited } from '../../domain/stages.ts';
import { closeUnfinished, type EffectOutcome, needsHuman } from '../../domain/traffic/close-unfinished.ts';
import type { Reason } from '../../domain/verdict.ts';
import type { Ports } from '../../ports/ports.ts';
import { retryOnConflict } from '../../ports/retry-on-conflict.ts';
import { type Stored, update, type Write } from '../../ports/store.ts';
import { askAnew, askForNotices } from '../notices/write-notices.ts';
import { loadServiceConfig } from '../records/load-config.ts';

export interface EffectEnd extends EffectOutcome {
  /** The effect as read by the executor; absent: its write has landed, whatever has happened to the effect since. */
  readonly since?: Stored<EffectRecord> | undefined;
  /** Why the waiting run ends with the effect; absent: the run ends if the effect was not executed. */
  readonly closes?: Reason | undefined;
  /** Written in the same batch, planned on fresh reads. */
  readonly also?: () => Promise<readonly Write[]>;
}

const maxTries = 10;

/**
 * Records how an effect ended, with all consequences, in one batch.
 * @throws {TransientError} another executor is working on it
 */
export async function endEffect(effectId: EffectId, end: EffectEnd, ports: Ports): Promise<void> {
  const { store, clock, log } = ports;
  const ref = documentIn(outbox, effectId);
  let alert = end.state === 'stopped';
  let isOwn = false;
  let also: readonly Write[] = [];
  let closed: RunRecord | undefined;
  let hasClosed = false;
  const effect = await retryOnConflict(maxTries, async () => {
    const stored = await store.get(ref);
    if (stored?.data.state !== 'open') return stored?.data;
    if (end.since && end.since.version !== stored.version)
      throw new TransientError(`another executor is working on effect ${effectId}`);
    const fields = { state: end.state, outcome: end.outcome, endedAt: clock.now(), dueAt: undefined };
    const run = await findUnfinished(end, stored.data, ports);
    if (run) alert ||= needsHuman(run.data, end);
    closed = end.also ? undefined : run?.data;
    also = end.also ? await end.also() : closingOf(run, end, ports);
    await store.commit([update(ref, stored, fields), ...also]);
    isOwn = true;
    hasClosed = run !== undefined;
    return { ...stored.data, ...fields };
  });
  if (!effect) return;
  const { runId, stage, kind, state } = effect;
  log[alert ? 'error' : 'info']({ runId, stage, kind, state, code: end.outcome.code }, end.outcome.text);
  await wakeWaitingRun(effect, ports);
  // Traffic is safe now, or cannot be made so. Only the executor that has ended the effect asks for it.
  const isSettled = hasClosed || kind === 'rollback' || kind === 'abort';
  if (isOwn && runId !== undefined && isSettled) await ports.bus.publish('diagnose', { runId });
  if (!isOwn) return;
  await askForNotices(also, ports);
  if (runId !== undefined && closed) await askAboutClosed(runId, closed, ports);
}

/** Best effort: the sweep asks as well. */
async function askAboutClosed(runId: RunId, { configDigest, name }: RunRecord, ports: Ports): Promise<void> {
  const config = await loadServiceConfig(ports.store, configDigest, name).catch(() => undefined);
  if (config) await askAnew(runId, config, [], ports);
}

/**
 * The run that waits for an effect continues when the effect has ended. @param nudge true: another process may be
 * working on it already
 */
export async function wakeWaitingRun(
  { kind, runId }: EffectRecord,
  { bus }: Pick<Ports, 'bus'>,
  nudge?: true,
): Promise<void> {
  if (runId !== undefined && isAwaited(kind)) await bus.publish('check-health', { runId, nudge });
}

/** Closes the run that waits for an unexecuted effect; other effects do not concern runs. */
async function findUnfinished(
  end: EffectEnd,
  { kind, runId }: EffectRecord,
  { store }: Ports,
): Promise<Stored<RunRecord> | undefined> {
  if (runId === undefined || !isAwaited(kind) || (end.state === 'done' && !end.closes)) return undefined;
  const run = await store.get(documentIn(runs, runId));
  return run?.data.state === 'closed' ? undefined : run;
}

/** The run ends with the effect. */
function closingOf(run: Stored<RunRecord> | undefined, end: EffectEnd, { clock }: Ports): Write[] {
  if (!run) return [];
  const closing = closeUnfinished(run.data, { ...end, outcome: end.closes ?? end.outcome });
  const fields = { ...closing, closedAt: clock.now(), outcome: end.outcome };
  return [update(documentIn(runs, run.id), run, fields)];
}
