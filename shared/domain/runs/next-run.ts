import type { Run, RunChange } from '../records/run.ts';
import { type EffectKind, isAwaited, type Stage } from '../stages.ts';
import type { Action, Verdict } from '../verdict.ts';
import type { Decision } from './decision.ts';

/** The pause after which the sweep nudges a run whose effect is in progress. */
const effectPatienceMs = 60_000;

/**
 * A run continues with its next stage, waits for the effect that leads there, or ends.
 * @param nextTimeoutMs the time limit of the next stage
 */
export function nextRun(
  run: Run,
  stage: Stage,
  decision: Decision,
  nextTimeoutMs: number,
  now: Date,
): RunChange {
  const { verdict, action, next } = decision;
  const reasons = [...decision.reasons];
  if (awaitsEffect(action)) {
    const dueAt = new Date(now.getTime() + effectPatienceMs);
    const ending = verdict === 'pass' ? {} : { verdict, reasons };
    return { ...ending, action, alert: decision.alert, dueAt, stageDeadlineAt: undefined };
  }
  if (next) return enterStage(next, nextTimeoutMs, now);
  const alert = decision.alert || run.alert === true;
  const closing = {
    state: 'closed' as const,
    alert,
    closedAt: now,
    dueAt: undefined,
    stageDeadlineAt: undefined,
  };
  // The important outcome of a passed run is that its revision got traffic.
  const told = verdict === 'pass' && awaitsEffect(run.action) ? run.action : action;
  if (stage !== 'reverify') return { ...closing, verdict, reasons, action: told };
  const code = reverified[verdict];
  return { ...closing, verdict: run.verdict ?? verdict, outcome: { code, text: reasons[0]?.text ?? code } };
}

/** True: the current stage is decided, and the run waits for the resulting effect, without a deadline. */
export function isStageDecided({ state, stageDeadlineAt }: Pick<Run, 'state' | 'stageDeadlineAt'>): boolean {
  return state === 'open' && stageDeadlineAt === undefined;
}

function awaitsEffect(action: Action): boolean {
  const kind = effectOf(action);
  return kind !== undefined && isAwaited(kind);
}

/** The outcome of a rollback, by the verdict of its re-verification. */
const reverified = {
  pass: 'restored',
  fail: 'unrestored',
  inconclusive: 'unverified',
  superseded: 'superseded',
} as const;

/** True: a revision that was recorded good is now judged bad, and is no longer a target. */
export function isDisproof(stage: Stage, verdict: Verdict): boolean {
  return verdict === 'fail' && stage !== 'reverify';
}

/** The effect of an action; undefined: nothing is to be done. */
export function effectOf(action: Action): EffectKind | undefined {
  return action === 'none' || action === 'hold' ? undefined : action;
}

/** Until then its own messages drive it; from then on the sweep does. */
const firstNudgeMs = 60_000;

/** The fields of a run's record at the start of a stage. */
export function enterStage(stage: Stage, timeoutMs: number, now: Date) {
  const stageDeadlineAt = new Date(now.getTime() + timeoutMs);
  return { stage, stageStartedAt: now, dueAt: new Date(now.getTime() + firstNudgeMs), stageDeadlineAt };
}
