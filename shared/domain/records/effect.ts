import type { RevisionName, RunId, ServiceKey, ServiceRef } from '../ids.ts';
import type { TrafficTarget } from '../service-state.ts';
import type { EffectKind, Stage } from '../stages.ts';
import type { Reason } from '../verdict.ts';

/** The beginning of the ids of manual effects. */
export const manualPrefix = 'manual.';

export const effectStates = ['open', 'done', 'skipped', 'stopped'] as const;
export type EffectState = (typeof effectStates)[number];

/** One effect, executed at most once; of a run's decision, or manual. */
export interface Effect {
  readonly serviceKey: ServiceKey;
  readonly ref: ServiceRef;
  readonly kind: EffectKind;
  /** The run and stage whose decision it is; absent: it is manual. */
  readonly runId?: RunId | undefined;
  readonly stage?: Stage | undefined;
  /** Who requested it, why and for which revision; absent: a run did. */
  readonly request?: EffectRequest | undefined;
  readonly state: EffectState;
  /** The reason for its end, or the latest error. */
  readonly outcome?: Reason | undefined;
  /** When the sweep should nudge it; absent once it has ended. */
  readonly dueAt?: Date | undefined;
  /** How many writes were attempted for it; absent: none. */
  readonly intents?: number | undefined;
  readonly createdAt: Date;
  readonly endedAt?: Date | undefined;
}

/** A person's request for a traffic change. */
export interface EffectRequest {
  readonly actor: string;
  readonly why: string;
  readonly revision?: RevisionName | undefined;
  /** The traffic spec at the time of the request: if its percentages have changed since, the request is refused. */
  readonly seen?: readonly TrafficTarget[] | undefined;
  /** The revision that LATEST meant at that time. */
  readonly seenLatest?: RevisionName | undefined;
  /** True: the revision need not be verified good. */
  readonly force: boolean;
}

/** An effect that a run's decision asks for. */
export interface RunEffect extends Effect {
  readonly runId: RunId;
  readonly stage: Stage;
}

export function isRunEffect(effect: Effect): effect is RunEffect {
  return effect.runId !== undefined && effect.stage !== undefined;
}

/** The record of an effect that is due from `now` on. */
export function newEffect(
  of: Pick<Effect, 'runId' | 'serviceKey' | 'ref' | 'stage' | 'kind'>,
  now: Date,
): Effect {
  const { runId, serviceKey, ref, stage, kind } = of;
  return { runId, serviceKey, ref, stage, kind, state: 'open', dueAt: now, createdAt: now };
}
