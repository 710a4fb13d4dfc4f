import type { Run, RunChange } from '../records/run.ts';
import { type EffectKind, isAwaited, type Stage } from '../stages.ts';
import type { Action, Verdict } from '../verdict.ts';
import type { Decision } from './decision.ts';

/** When the sweep looks after a run whose effect is under way. */
const effectPatienceMs = 60_000;

/**
 * A run goes on to its next stage, waits for the effect that leads there, or ends.
 * @param nextTimeoutMs of the stage that follows
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
  // What a person wants to know of a run that passed is that it gave its revision traffic.
  const told = verdict === 'pass' && awaitsEffect(run.action) ? run.action : action;
  if (stage !== 'reverify') return { ...closing, verdict, reasons, action: told };
  const code = reverified[verdict];
  return { ...closing, verdict: run.verdict ?? verdict, outcome: { code, text: reasons[0]?.text ?? code } };
}

/** True: the stage that a run is in is decided, and the run waits for the effect of that, without a deadline. */
export function isStageDecided({ state, stageDeadlineAt }: Pick<Run, 'state' | 'stageDeadlineAt'>): boolean {
  return state === 'open' && stageDeadlineAt === undefined;
}

function awaitsEffect(action: Action): boolean {
  const kind = effectOf(action);
  return kind !== undefined && isAwaited(kind);
}

/** How a rollback ended, by the verdict of its re-verification. */
const reverified = {
  pass: 'restored',
  fail: 'unrestored',
  inconclusive: 'unverified',
  superseded: 'superseded',
} as const;

/** True: what was good once is judged bad now, and is no target any more. */
export function isDisproof(stage: Stage, verdict: Verdict): boolean {
  return verdict === 'fail' && stage !== 'reverify';
}

/** The effect that an action amounts to; undefined: there is nothing to do. */
export function effectOf(action: Action): EffectKind | undefined {
  return action === 'none' || action === 'hold' ? undefined : action;
}

/** Its own messages work on it until then; the sweep looks after it from then on. */
const firstNudgeMs = 60_000;

/** What a run's record says when a stage begins. */
export function enterStage(stage: Stage, timeoutMs: number, now: Date) {
  const stageDeadlineAt = new Date(now.getTime() + timeoutMs);
  return { stage, stageStartedAt: now, dueAt: new Date(now.getTime() + firstNudgeMs), stageDeadlineAt };
}
